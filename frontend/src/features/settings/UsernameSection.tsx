// Take another username.
import { AtSign } from "lucide-react";
import { useState } from "react";
import { useLimits } from "@/api/queries/instance";
import { changeUsername, useMe } from "@/api/queries/me";
import type { Me } from "@/api/types";
import { useUsernameCheck } from "@/features/auth/useUsernameCheck";
import { toast } from "@/lib/announce";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { Note, Problem } from "@/ui/Notice";
import { useSubmit } from "@/ui/submit";
import styles from "./parts.module.css";

/** As the server counts: three a day, and the old name is nobody else's for 30 days. */
const RULES =
  "Links to your old name lead to the new one, and for 30 days nobody else can take it. You can change your name three times a day.";

function UsernameForm({ me }: { me: Me }) {
  const limits = useLimits();
  const [username, setUsername] = useState(me.username);
  const check = useUsernameCheck(username, me.username);
  const { submit, isBusy, failure } = useSubmit(async () => {
    const changed = await changeUsername(username);
    toast(`You are ${changed.username} now.`);
  });
  // A name that one had oneself is not free for others, so only the server can say no.
  const taken = check.state === "taken" ? check.message : undefined;
  return (
    <form className={styles.form} onSubmit={submit}>
      {failure?.rest && <Problem>{failure.rest}</Problem>}
      <TextField
        label="Username"
        name="username"
        required
        minLength={limits.username_min}
        maxLength={limits.username_max}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={username}
        error={failure?.fields.username ?? taken}
        hint={
          <span role="status">
            {check.state === "free"
              ? `${username} is free.`
              : "Letters a–z, digits, dot and underscore."}
          </span>
        }
        onChange={(event) => setUsername(event.target.value.toLowerCase().trim())}
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
