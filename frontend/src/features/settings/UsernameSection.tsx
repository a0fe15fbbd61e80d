// Take another username.
import { AtSign } from "lucide-react";
import { useState } from "react";
import { changeUsername, useMe } from "@/api/queries/me";
import type { Me } from "@/api/types";
import { UsernameField } from "@/features/auth/UsernameField";
import { toast } from "@/lib/announce";
import { Button } from "@/ui/Button";
import { Note, Problem } from "@/ui/Notice";
import { useSubmit } from "@/ui/submit";
import styles from "./parts.module.css";

/** As the server counts: three a day, and the old name is nobody else's for 30 days. */
const RULES =
  "Links to your old name lead to the new one, and for 30 days nobody else can take it. You can change your name three times a day.";

function UsernameForm({ me }: { me: Me }) {
  const [username, setUsername] = useState(me.username);
  const { submit, isBusy, failure } = useSubmit(async () => {
    const changed = await changeUsername(username);
    toast(`You are ${changed.username} now.`);
  });
  return (
    <form className={styles.form} onSubmit={submit}>
      {failure?.rest && <Problem>{failure.rest}</Problem>}
      <UsernameField
        value={username}
        onChange={setUsername}
        error={failure?.fields.username}
        own={me.username}
      />
      <Note>
        <p>{RULES}</p>
      </Note>
      <Button
        type="submit"
        variant="primary"
        wide
        busy={isBusy}
        disabled={username === me.username}
      >
        <AtSign size={18} /> Change username
      </Button>
    </form>
  );
}

export default function UsernameSection() {
  const me = useMe();
  return me && <UsernameForm key={me.username} me={me} />;
}
