// Making a personal token, and the one moment in which its text is shown.
import { Copy } from "lucide-react";
import { useState } from "react";
import { useMe } from "@/api/queries/me";
import { createToken } from "@/api/queries/security";
import type { NewToken, TokenDays, TokenScope } from "@/api/types";
import { copyText } from "@/lib/keep";
import { longDate } from "@/lib/time";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { CheckField, Choice, TextField } from "@/ui/Field";
import { Note } from "@/ui/Notice";
import { FormDialog, OwnPassword } from "./FormDialog";
import styles from "./parts.module.css";
import rows from "./Rows.module.css";
import { DAYS, SCOPES } from "./scopes";

const dayOptions = DAYS.map(({ value, label }) => ({ value: String(value), label }));

interface TokenFormProps {
  readonly onMade: (token: NewToken) => void;
  readonly onClose: () => void;
}

export function TokenForm({ onMade, onClose }: TokenFormProps) {
  const isAdmin = useMe()?.role === "admin";
  const [scopes, setScopes] = useState<readonly TokenScope[]>(["read"]);
  const [days, setDays] = useState("30");
  const toggle = (scope: TokenScope, on: boolean) =>
    setScopes(on ? [...scopes, scope] : scopes.filter((other) => other !== scope));
  return (
    <FormDialog
      title="New access token"
      button="Make the token"
      onClose={onClose}
      work={async (value) =>
        onMade(
          await createToken({
            name: value("name").trim(),
            scopes: [...scopes],
            days: Number(days) as TokenDays,
            password: value("password"),
          }),
        )
      }
    >
      {(errors) => (
        <>
          <TextField
            label="Name"
            name="name"
            required
            maxLength={60}
            data-autofocus
            autoComplete="off"
            hint="What is it for? Only you see this."
            error={errors.name}
          />
          <fieldset className={rows.choices}>
            <legend className={rows.legend}>What it may do</legend>
            {SCOPES.filter((scope) => isAdmin || !scope.isForAdmins).map((scope) => (
              <CheckField
                key={scope.value}
                name="scopes"
                label={scope.label}
                hint={scope.text}
                checked={scopes.includes(scope.value)}
                onChange={(on) => toggle(scope.value, on)}
              />
            ))}
            {(errors.scopes || scopes.length === 0) && (
              <p className={rows.wrong} role="alert">
                {errors.scopes ?? "Choose at least one."}
              </p>
            )}
          </fieldset>
          <Choice legend="How long it lasts" value={days} options={dayOptions} onChange={setDays} />
          <OwnPassword error={errors.password} />
        </>
      )}
    </FormDialog>
  );
}

interface TokenTextProps {
  readonly token: NewToken;
  readonly onClose: () => void;
}

export function TokenText({ token, onClose }: TokenTextProps) {
  return (
    <Dialog title="Your new token" onClose={onClose} kind="sheet">
      <div className={styles.dialogForm}>
        <Note>
          This is the only time that it is shown. Whoever has it can act in your name, so keep it
          like a password.
        </Note>
        <div className={rows.secret}>
          <code className={rows.code}>{token.token}</code>
          <Button data-autofocus onClick={() => void copyText(token.token, "Token copied.")}>
            <Copy size={18} aria-hidden="true" />
            Copy
          </Button>
        </div>
        <p className={styles.note}>
          {token.name} works until {longDate(token.expires_at)}.
        </p>
        <Button variant="primary" wide onClick={onClose}>
          I have kept it
        </Button>
      </div>
    </Dialog>
  );
}
