// Switching on the second factor: password, QR code, first code, recovery codes.
import { Copy } from "lucide-react";
import { useState } from "react";
import { beginTotp, confirmTotp } from "@/api/queries/security";
import { CodeForm } from "@/features/auth/CodeForm";
import { toast } from "@/lib/announce";
import { copyText } from "@/lib/keep";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { FormDialog, OwnPassword } from "./FormDialog";
import styles from "./parts.module.css";
import { RecoveryCodesDialog } from "./RecoveryCodes";
import own from "./SecuritySection.module.css";
import { grouped, imageOf } from "./totp";

type SetUp = Awaited<ReturnType<typeof beginTotp>>;

interface ScanProps {
  readonly setUp: SetUp;
  readonly onCodes: (codes: readonly string[]) => void;
  readonly onClose: () => void;
}

function ScanStep({ setUp, onCodes, onClose }: ScanProps) {
  return (
    <Dialog title="Set up the second factor" onClose={onClose} kind="sheet">
      <div className={styles.dialogForm}>
        <ol className={own.steps}>
          <li>
            <p>
              Open your authenticator app, choose to add an account, and scan this picture.{" "}
              <a href={setUp.uri} className={own.link}>
                On this device? Open the app
              </a>
              .
            </p>
            <img
              className={own.qr}
              src={imageOf(setUp.qr_svg)}
              alt="QR code for your authenticator app"
            />
            <p className={styles.note}>If you cannot scan it, type this key:</p>
            <div className={own.secret}>
              <code>{grouped(setUp.secret)}</code>
              <Button size="small" onClick={() => void copyText(setUp.secret, "Key copied.")}>
                <Copy size={16} aria-hidden="true" />
                Copy
              </Button>
            </div>
          </li>
          <li>
            <CodeForm
              label="Type the code that the app shows"
              button="Switch it on"
              work={async (code) => onCodes(await confirmTotp(code))}
            />
          </li>
        </ol>
      </div>
    </Dialog>
  );
}

export function TotpWizard({ onClose }: { onClose: () => void }) {
  const [setUp, setSetUp] = useState<SetUp | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes) {
    const done = () => {
      onClose();
      toast("The second factor is on.");
    };
    return <RecoveryCodesDialog codes={codes} onClose={done} />;
  }
  if (setUp) return <ScanStep setUp={setUp} onCodes={setCodes} onClose={onClose} />;
  return (
    <FormDialog
      title="Set up the second factor"
      button="Next"
      onClose={onClose}
      work={async (value) => setSetUp(await beginTotp(value("password")))}
    >
      {(errors) => (
        <>
          <p>
            You need an authenticator app, like the one of your password manager or your phone. It
            shows a new code every 30 seconds, also without a network.
          </p>
          <OwnPassword error={errors.password} isFirst />
        </>
      )}
    </FormDialog>
  );
}
