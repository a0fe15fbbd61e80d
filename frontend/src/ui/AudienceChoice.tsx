// Who may see a post.
import { Globe, Lock, Star, Users } from "lucide-react";
import type { Audience } from "@/api/types";
import { Choice } from "./Field";

const options = [
  { value: "public", label: "Everyone", icon: <Globe size={18} aria-hidden="true" /> },
  { value: "followers", label: "Followers", icon: <Users size={18} aria-hidden="true" /> },
  { value: "close_friends", label: "Close friends", icon: <Star size={18} aria-hidden="true" /> },
  { value: "only_me", label: "Only me", icon: <Lock size={18} aria-hidden="true" /> },
] as const satisfies readonly { value: Audience; label: string; icon: unknown }[];

interface AudienceChoiceProps {
  readonly value: Audience;
  readonly onChange: (audience: Audience) => void;
}

export function AudienceChoice({ value, onChange }: AudienceChoiceProps) {
  return (
    <Choice<Audience> legend="Who can see it" value={value} options={options} onChange={onChange} />
  );
}
