// The account itself: name, address, password, and the ways to leave.
import { useState } from "react";
import { deactivate } from "@/api/queries/credentials";
import { useLimits } from "@/api/queries/instance";
import { useMe } from "@/api/queries/me";
import type { Me } from "@/api/types";
import { awaitedAddress } from "@/features/auth/proof";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { Button, ButtonLink } from "@/ui/Button";
import { EmailDialog, PasswordDialog } from "./AccountDialogs";
import { DeleteDialog } from "./DeleteDialog";
import { FormDialog, OwnPassword } from "./FormDialog";
import { Group, Groups, Item } from "./parts";

function DeactivateDialog({ onClose }: { onClose: () => void }) {
  return (
    <FormDialog
      title="Deactivate"
      button="Deactivate my account"
      danger
      onClose={onClose}
      work={async (value) => {
        await deactivate(value("password"));
        toast("Your account is hidden. Log in to come back.");
      }}
    >
      {(errors) => (
        <>
          <p>
            Nobody sees your profile, posts and comments until you log in again. You are logged out
            everywhere now, and nothing is lost.
          </p>
          <OwnPassword error={errors.password} isFirst />
        </>
      )}
    </FormDialog>
  );
}

type Open = "email" | "password" | "deactivate" | "delete";

function addressState(me: Me, awaited: string | null): string {
  if (awaited) return `A code was sent to ${awaited}.`;
  return me.email_verified ? "Verified" : "Not verified yet";
}

function Account({ me }: { me: Me }) {
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const limits = useLimits();
  const awaited = me.email_verified ? awaitedAddress(me.id) : null;
  return (
    <Groups>
      <Group title="Who you are">
        <Item label="Username" value={me.username}>
          <ButtonLink to={paths.settingsSection("username")}>
            Change<span className="visually-hidden"> username</span>
          </ButtonLink>
        </Item>
        <Item label="E-mail" value={me.email} note={addressState(me, awaited)}>
          {!me.email_verified && (
            <ButtonLink variant="primary" to={`${paths.verify}?next=/settings/account`}>
              Verify
            </ButtonLink>
          )}
          <Button onClick={() => setOpen("email")}>
            {awaited ? "Enter the code" : "Change"}
            {!awaited && <span className="visually-hidden"> e-mail address</span>}
          </Button>
        </Item>
        <Item label="Password" note="A new one logs out your other devices.">
          <Button onClick={() => setOpen("password")}>
            Change<span className="visually-hidden"> password</span>
          </Button>
        </Item>
      </Group>
      <Group title="Leave">
        <Item label="For a while" note="Nobody sees your account until you log in again.">
          <Button onClick={() => setOpen("deactivate")}>Deactivate…</Button>
        </Item>
        <Item
          label="For good"
          note={`Everything of yours is erased after ${limits.delete_grace_days} days.`}
        >
          <Button variant="danger" onClick={() => setOpen("delete")}>
            Delete…
          </Button>
        </Item>
      </Group>
      {open === "email" && <EmailDialog me={me} onClose={close} />}
      {open === "password" && <PasswordDialog onClose={close} />}
      {open === "deactivate" && <DeactivateDialog onClose={close} />}
      {open === "delete" && <DeleteDialog onClose={close} />}
    </Groups>
  );
}

export default function AccountSection() {
  const me = useMe();
  return me && <Account me={me} />;
}
