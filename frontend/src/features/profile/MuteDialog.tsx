// What of a person one does not want to see for a while.
import { useState } from "react";
import type { Mute, MuteScope } from "@/api/queries/relations";
import type { UserSummary } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Choice, Switch } from "@/ui/Field";
import styles from "./MuteDialog.module.css";
import { endOf, SCOPES, SPANS, type Span } from "./mutes";
import { muteFor } from "./relations";

const HINTS: Readonly<Record<MuteScope, string>> = {
  posts: "Not on your home.",
  stories: "Not among the stories.",
  messages: "They arrive, but you are not told.",
};

interface MuteDialogProps {
  readonly person: Pick<UserSummary, "id" | "username">;
  readonly onClose: () => void;
}

export default function MuteDialog({ person, onClose }: MuteDialogProps) {
  const [scopes, setScopes] = useState<readonly MuteScope[]>(["posts", "stories"]);
  const [span, setSpan] = useState<Span>("always");
  const choose = (scope: MuteScope, on: boolean) =>
    setScopes(on ? [...scopes, scope] : scopes.filter((other) => other !== scope));

  const send = () => {
    onClose();
    const terms: Mute = { scopes: [...scopes], until: endOf(span) };
    void muteFor(person, terms);
  };

  return (
    <Dialog title={`Mute ${person.username}`} onClose={onClose}>
      <div className={styles.body}>
        <p className={styles.text}>
          Who follows whom stays as it is, and {person.username} is not told.
        </p>
        <div className={styles.scopes}>
          {SCOPES.map(({ value, label }) => (
            <Switch
              key={value}
              label={label}
              hint={HINTS[value]}
              checked={scopes.includes(value)}
              onChange={(on) => choose(value, on)}
            />
          ))}
        </div>
        <Choice<Span> legend="For how long" value={span} options={SPANS} onChange={setSpan} />
        <Button variant="primary" wide data-autofocus disabled={scopes.length === 0} onClick={send}>
          Mute
        </Button>
      </div>
    </Dialog>
  );
}
