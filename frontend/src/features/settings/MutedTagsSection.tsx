// Tags whose posts one does not want to see.
import { useQuery } from "@tanstack/react-query";
import { Hash } from "lucide-react";
import { mutedTagsQuery } from "@/api/queries/feed";
import { useLimits } from "@/api/queries/instance";
import { WordList } from "./WordList";
import { mutedTags } from "./words";

export default function MutedTagsSection() {
  return (
    <WordList
      query={useQuery(mutedTagsQuery)}
      terms={mutedTags}
      title="Tags"
      text="Posts of others with one of these tags are left out of your feed, also those of people you follow. You still find them on the profiles of who posted them."
      label="Tag"
      hint="With or without the #."
      most={useLimits().muted_tags}
      empty="You mute no tags"
      emptyIcon={<Hash size={30} strokeWidth={1.6} />}
    />
  );
}
