// The recovery codes, shown once: copied or saved, and said so, before the dialog closes.
import { Copy, Download } from "lucide-react";
import { useState } from "react";
import { useSiteName } from "@/api/queries/instance";
import { useMe } from "@/api/queries/me";
import { copyText, saveText } from "@/lib/keep";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { CheckField } from "@/ui/Field";
import { Note, Problem } from "@/ui/Notice";
import styles from "./parts.module.css";
import own from "./SecuritySection.module.css";
import { recoveryFile } from "./totp";

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onClose: () => void;
}

export function RecoveryCodesDialog({ codes, onClose }: RecoveryCodesProps) {
  const site = useSiteName();
  const me = useMe();
  const [isSaved, setSaved] = useState(false);
  const [isWarned, setWarned] = useState(false);
  const text = recoveryFile(site, me?.username ?? "", codes);
  const close = () => (isSaved ? onClose() : setWarned(true));
  return (
    <Dialog title="Your recovery codes" onClose={close} kind="sheet">
      <div className={styles.dialogForm}>
        <Note>
          <p>
            With one of these you get in when your phone is lost. Each works once, and they are
            shown only now. Keep them where your phone is not.
          </p>
        </Note>
        <ol className={own.codes} aria-label="Recovery codes">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <div className={styles.buttons}>
          <Button data-autofocus onClick={() => void copyText(codes.join("\n"), "Codes copied.")}>
            <Copy size={18} aria-hidden="true" />
            Copy
          </Button>
          <Button onClick={() => saveText("recovery-codes.txt", text)}>
            <Download size={18} aria-hidden="true" />
            Download
          </Button>
        </div>
        <CheckField
          label="I have saved these codes"
          checked={isSaved}
          onChange={(on) => {
            setSaved(on);
            setWarned(false);
          }}
        />
        {isWarned && <Problem>Save the codes first: nobody can show them again.</Problem>}
        <Button variant="primary" wide onClick={close}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
