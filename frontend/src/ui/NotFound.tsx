// "Not here": the same words for what does not exist and for what is not for the viewer.
import { Compass } from "lucide-react";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { ButtonLink } from "./Button";
import { EmptyState } from "./States";

export function NotFound({ what = "page" }: { what?: string }) {
  useTitle("Not found");
  return (
    <EmptyState
      isPage
      icon={<Compass size={32} strokeWidth={1.6} />}
      title={`This ${what} isn't here`}
      text="The link may be broken, it may have been removed, or it is not shared with you."
    >
      <ButtonLink to={paths.home}>Go home</ButtonLink>
    </EmptyState>
  );
}
