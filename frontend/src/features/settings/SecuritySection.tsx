// The second factor: what it is good for, switching it on and off, and its recovery codes.
import { useQuery } from "@tanstack/react-query";
import { ShieldCheck, ShieldOff } from "lucide-react";
import { useState } from "react";
import { removeTotp, renewRecoveryCodes, secondFactorQuery } from "@/api/queries/security";
import { toast } from "@/lib/announce";
import { plural } from "@/lib/text";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { ErrorState } from "@/ui/States";
import { FormDialog, OwnPassword } from "./FormDialog";
import { Group, GroupSkeleton, Groups, Item } from "./parts";
import { RecoveryCodesDialog } from "./RecoveryCodes";
import own from "./SecuritySection.module.css";
import { TotpWizard } from "./TotpWizard";

const FEW = 3;

function NewCodes({ onClose }: { onClose: () => void }) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes) return <RecoveryCodesDialog codes={codes} onClose={onClose} />;
  return (
    <FormDialog
      title="New recovery codes"
      button="Make new codes"
      onClose={onClose}
      work={async (value) => setCodes(await renewRecoveryCodes(value("password")))}
    >
      {(errors) => (
        <>
          <p>The codes that you have now stop working.</p>
          <OwnPassword error={errors.password} isFirst />
        </>
      )}
    </FormDialog>
  );
}

function SwitchOff({ onClose }: { onClose: () => void }) {
  return (
    <FormDialog
      title="Switch off the second factor"
      button="Switch it off"
      danger
      onClose={onClose}
      work={async (value) => {
        await removeTotp(value("password"));
        onClose();
        toast("The second factor is off.");
      }}
    >
      {(errors) => (
        <>
          <p>Your password alone is enough to log in then, and your recovery codes are void.</p>
          <OwnPassword error={errors.password} isFirst />
        </>
      )}
    </FormDialog>
  );
}

function State({ isOn }: { isOn: boolean }) {
  return (
    <p className={classes(own.state, isOn && own.on)}>
      {isOn ? (
        <ShieldCheck size={22} aria-hidden="true" />
      ) : (
        <ShieldOff size={22} aria-hidden="true" />
      )}
      {isOn ? "The second factor is on" : "The second factor is off"}
    </p>
  );
}

function codesLeft(left: number): string {
  if (left === 0) return "None left. Make new ones before you need one.";
  const words = `${plural(left, "unused code")} left.`;
  return left <= FEW ? `${words} Make new ones soon.` : words;
}

type Open = "wizard" | "codes" | "off";

export default function SecuritySection() {
  const query = useQuery(secondFactorQuery);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  if (query.isPending) return <GroupSkeleton label="Loading the second factor" />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const { totp: isOn, recovery_codes_left: left } = query.data;
  return (
    <Groups>
      <Group
        title="Logging in"
        text="With a second factor, a stolen password alone opens nothing: logging in also asks for a code from an app on your phone."
      >
        <State isOn={isOn} />
        {!isOn && (
          <div className={own.buttons}>
            <Button variant="primary" onClick={() => setOpen("wizard")}>
              Set it up
            </Button>
          </div>
        )}
      </Group>
      {isOn && (
        <Group title="If your phone is lost">
          <Item label="Recovery codes" note={codesLeft(left)}>
            <Button onClick={() => setOpen("codes")}>New codes</Button>
          </Item>
          <Item label="Do without" note="Your password alone is enough again.">
            <Button variant="danger" onClick={() => setOpen("off")}>
              Switch it off
            </Button>
          </Item>
        </Group>
      )}
      {open === "wizard" && <TotpWizard onClose={close} />}
      {open === "codes" && <NewCodes onClose={close} />}
      {open === "off" && <SwitchOff onClose={close} />}
    </Groups>
  );
}
