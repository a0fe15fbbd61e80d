// Words that one does not want to read.
import { useQuery } from "@tanstack/react-query";
import { EyeOff } from "lucide-react";
import { hiddenWordsQuery } from "@/api/queries/feed";
import { useLimits } from "@/api/queries/instance";
import { WordList } from "./WordList";
import { hiddenWords } from "./words";

export default function HiddenWordsSection() {
  return (
    <WordList
      query={useQuery(hiddenWordsQuery)}
      terms={hiddenWords}
      title="Words and phrases"
      text="Posts of others with one of these words or phrases are left out of your feed, and comments with them from under every post. On profiles you still find the posts. Nobody is told."
      label="Word or phrase"
      hint="Whole words only. Capital letters and accents make no difference."
      most={useLimits().hidden_words}
      empty="You hide no words"
      emptyIcon={<EyeOff size={30} strokeWidth={1.6} />}
    />
  );
}
