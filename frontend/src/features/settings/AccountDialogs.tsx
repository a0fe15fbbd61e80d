// The dialogs that change the name, the address and the password.
import { useState } from "react";
import {
  changeEmail,
  changePassword,
  changeUsername,
  verifyByCode,
} from "@/api/queries/credentials";
import { useLimits } from "@/api/queries/instance";
import type { Me } from "@/api/types";
import { CodeForm } from "@/features/auth/CodeForm";
import { NewPassword } from "@/features/auth/NewPassword";
import { awaitAddress, awaitedAddress, codeSent, forgetAddress } from "@/features/auth/proof";
import { ResendButton } from "@/features/auth/ResendButton";
import { useUsernameCheck } from "@/features/auth/useUsernameCheck";
import { toast } from "@/lib/announce";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { FormDialog, OwnPassword } from "./FormDialog";
import styles from "./parts.module.css";

interface DialogProps {
  readonly me: Me;
  readonly onClose: () => void;
}

export function UsernameDialog({ me, onClose }: DialogProps) {
  const limits = useLimits();
  const [name, setName] = useState(me.username);
  const check = useUsernameCheck(name, me.username);
  return (
    <FormDialog
      title="Change username"
      button="Change username"
      onClose={onClose}
      work={async () => {
        await changeUsername(name);
        onClose();
        toast(`You are ${name} now.`);
      }}
    >
      {(errors) => (
        <TextField
          label="Username"
          name="username"
          required
          data-autofocus
          minLength={limits.username_min}
          maxLength={limits.username_max}
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value.toLowerCase().trim())}
          error={check.state === "taken" ? check.message : errors.username}
          hint={
            <span role="status">
              {check.state === "free"
                ? `${name} is free.`
                : "Links to your present name go on working, and for 30 days nobody else can take it."}
            </span>
          }
        />
      )}
    </FormDialog>
  );
}

interface CodeStepProps {
  readonly address: string;
  readonly onClose: () => void;
  readonly onOther: () => void;
}

function AddressCode({ address, onClose, onOther }: CodeStepProps) {
  return (
    <Dialog title="Verify the new address" onClose={onClose} kind="sheet">
      <div className={styles.dialogForm}>
        <p>
          We sent a code of six digits to <strong>{address}</strong>. Until you type it here, or
          open the link of the mail, your address stays as it is.
        </p>
        <CodeForm
          label="Code from the mail"
          button="Verify"
          work={async (code) => {
            await verifyByCode(code);
            forgetAddress();
            onClose();
            toast("Your address is changed.");
          }}
        />
        <div className={styles.center}>
          <ResendButton />
          <Button variant="text" onClick={onOther}>
            Use another address
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

export function EmailDialog({ me, onClose }: DialogProps) {
  const [awaited, setAwaited] = useState(() => (me.email_verified ? awaitedAddress(me.id) : null));
  if (awaited) {
    const other = () => setAwaited(null);
    return <AddressCode address={awaited} onClose={onClose} onOther={other} />;
  }
  return (
    <FormDialog
      title="Change e-mail"
      button="Send a code there"
      onClose={onClose}
      work={async (value) => {
        const address = value("email").trim();
        await changeEmail(address, value("password"));
        if (me.email_verified) {
          awaitAddress(me.id, address);
          setAwaited(address);
        } else {
          codeSent();
          onClose();
          toast(`A code is on its way to ${address}.`);
        }
      }}
    >
      {(errors) => (
        <>
          <TextField
            label="New e-mail address"
            name="email"
            type="email"
            required
            data-autofocus
            autoComplete="email"
            error={errors.email}
          />
          <OwnPassword error={errors.password} />
        </>
      )}
    </FormDialog>
  );
}

export function PasswordDialog({ onClose }: { onClose: () => void }) {
  return (
    <FormDialog
      title="Change password"
      button="Change password"
      onClose={onClose}
      work={async (value) => {
        await changePassword(value("old_password"), value("password"));
        onClose();
        toast("Your password is changed. Other devices are logged out.");
      }}
    >
      {(errors) => (
        <>
          <OwnPassword
            label="Present password"
            name="old_password"
            error={errors.old_password}
            isFirst
          />
          <NewPassword error={errors.password} />
          <p className={styles.text}>
            Your other phones and browsers have to log in again. Access tokens go on working.
          </p>
        </>
      )}
    </FormDialog>
  );
}
