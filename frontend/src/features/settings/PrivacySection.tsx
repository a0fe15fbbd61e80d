// Who may see what, and whom one keeps at a distance or close.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { consentsQuery } from "@/api/queries/consents";
import { useDocuments } from "@/api/queries/instance";
import { changeMe, changeSettings, type PrivacyChoice, useMe } from "@/api/queries/me";
import { queryClient } from "@/api/queryClient";
import type { Me } from "@/api/types";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { Switch } from "@/ui/Field";
import { documentName, LegalLinks } from "@/ui/LegalLinks";
import { Time } from "@/ui/Time";
import { Group, Groups, Row } from "./parts";
import styles from "./parts.module.css";

interface SavingSwitchProps {
  readonly label: string;
  readonly hint: string;
  readonly checked: boolean;
  /** How the account looks with it, before the server has answered. */
  readonly shown: (me: Me, on: boolean) => Me;
  readonly save: (on: boolean) => Promise<unknown>;
  readonly said: (on: boolean) => string;
}

/** Saves by itself, and goes back when the server says no. */
function SavingSwitch({ label, hint, checked, shown, save, said }: SavingSwitchProps) {
  const [isBusy, setBusy] = useState(false);
  const show = (on: boolean) =>
    queryClient.setQueryData<Me>(keys.me, (now) => now && shown(now, on));
  const change = async (on: boolean) => {
    setBusy(true);
    show(on);
    try {
      await save(on);
      toast(said(on));
    } catch (error) {
      show(!on);
      toast(`Not changed. ${sentence(error)}`, { tone: "error" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Switch
      label={label}
      hint={hint}
      checked={checked}
      disabled={isBusy}
      onChange={(on) => void change(on)}
    />
  );
}

type Setting = keyof PrivacyChoice;

function settingProps(me: Me, name: Setting) {
  return {
    checked: me.settings[name] === true,
    shown: (now: Me, on: boolean): Me => ({ ...now, settings: { ...now.settings, [name]: on } }),
    save: (on: boolean) => changeSettings({ [name]: on }),
  };
}

/** What one agreed to, in which version, and when. */
function Agreements() {
  const documents = useDocuments();
  const given = useQuery(consentsQuery).data?.results ?? [];
  if (given.length === 0) return null;
  return (
    <Group
      title="What you agreed to"
      text={
        documents.length > 0 && (
          <>
            As it stands now: the <LegalLinks documents={documents} />.
          </>
        )
      }
    >
      <ul className={styles.points}>
        {given.map((consent) => (
          <li key={consent.id}>
            The {documentName(consent.document)}, version {consent.version},{" "}
            <Time at={consent.created_at} />
          </li>
        ))}
      </ul>
    </Group>
  );
}

export default function PrivacySection() {
  const me = useMe();
  return (
    <Groups>
      {me && (
        <Group title="Who sees you">
          <SavingSwitch
            label="Private account"
            hint="Only people you accept see your posts and who follows you."
            checked={me.is_private}
            shown={(now, on) => ({ ...now, is_private: on })}
            save={(on) => changeMe({ is_private: on })}
            said={(on) => (on ? "Your account is private now." : "Your account is public now.")}
          />
          <SavingSwitch
            label="Show when you are active"
            hint="People you follow or write with see it. When it is off, you do not see it of others either."
            {...settingProps(me, "activity_status")}
            said={(on) => (on ? "Your activity is shown now." : "Your activity is hidden now.")}
          />
          <SavingSwitch
            label="Hide your lists"
            hint="Nobody but you sees who follows you and whom you follow. The numbers stay."
            {...settingProps(me, "hide_follow_lists")}
            said={(on) => (on ? "Your lists are hidden now." : "Your lists can be seen again.")}
          />
          <SavingSwitch
            label="Suggest you to others"
            hint="People who may know you find you among their suggestions."
            {...settingProps(me, "suggest_me")}
            said={(on) => (on ? "You may be suggested." : "You are suggested to nobody now.")}
          />
          <SavingSwitch
            label="Ask me about tags"
            hint="Who tags you in a picture waits until you agree; nobody else sees the tag before."
            {...settingProps(me, "approve_tags")}
            said={(on) => (on ? "You are asked from now on." : "Tags show at once now.")}
          />
        </Group>
      )}
      <Group title="People">
        <Row to={paths.requests}>Follow requests</Row>
        <Row to={paths.settingsSection("close-friends")}>Close friends</Row>
        <Row to={paths.settingsSection("muted")}>Muted accounts</Row>
        <Row to={paths.settingsSection("restricted")}>Restricted accounts</Row>
        <Row to={paths.blocked}>Blocked accounts</Row>
      </Group>
      <Group title="What you see">
        <Row to={paths.settingsSection("hidden-words")}>Hidden words</Row>
        <Row to={paths.settingsSection("muted-tags")}>Muted tags</Row>
      </Group>
      <Agreements />
    </Groups>
  );
}
