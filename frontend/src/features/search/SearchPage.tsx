// Find people.
import { Search } from "lucide-react";
import { useTitle } from "@/lib/title";
import { Page } from "@/ui/Page";
import { PersonRow } from "@/ui/PersonRow";
import { FindPeople } from "./FindPeople";

export default function SearchPage() {
  useTitle("Search");
  return (
    <Page title="Search">
      <FindPeople
        label="Search for people"
        emptyIcon={<Search size={30} strokeWidth={1.6} />}
        row={(person) => <PersonRow person={person} />}
      />
    </Page>
  );
}
