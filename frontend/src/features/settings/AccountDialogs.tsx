// The dialogs that change the address and the password.
import { useState } from "react";
import { changeEmail, changePassword, verifyByCode } from "@/api/queries/credentials";
import type { Me } from "@/api/types";
import { CodeForm } from "@/features/auth/CodeForm";
import { NewPassword } from "@/features/auth/NewPassword";
import { awaitAddress, awaitedAddress, codeSent, forgetAddress } from "@/features/auth/proof";
import { ResendButton } from "@/features/auth/ResendButton";
import { toast } from "@/lib/announce";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { FormDialog, OwnPassword } from "./FormDialog";
import styles from "./parts.module.css";

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

export function EmailDialog({ me, onClose }: { me: Me; onClose: () => void }) {
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
