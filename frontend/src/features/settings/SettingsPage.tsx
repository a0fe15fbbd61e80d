// Settings: each one saves by itself.
import { ChevronRight, Moon, Sun, SunMoon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { logOut, logOutEverywhere } from "@/api/queries/auth";
import { changeMe, useMe } from "@/api/queries/me";
import { queryClient } from "@/api/queryClient";
import type { Me } from "@/api/types";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { chooseShortcuts, chooseTheme, shortcutsOn, type Theme, theme } from "@/lib/preferences";
import { useStore } from "@/lib/store";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { Choice, Switch } from "@/ui/Field";
import { Page } from "@/ui/Page";
import styles from "./SettingsPage.module.css";

const themes = [
  { value: "system", label: "System", icon: <SunMoon size={18} aria-hidden="true" /> },
  { value: "light", label: "Light", icon: <Sun size={18} aria-hidden="true" /> },
  { value: "dark", label: "Dark", icon: <Moon size={18} aria-hidden="true" /> },
] as const;

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.group}>
      <h2 className={styles.heading}>{title}</h2>
      <div className={styles.card}>{children}</div>
    </section>
  );
}

function Row({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className={styles.link}>
      {children}
      <ChevronRight size={18} aria-hidden="true" />
    </Link>
  );
}

function PrivateSwitch({ me }: { me: Me }) {
  const [isBusy, setBusy] = useState(false);
  const change = async (isPrivate: boolean) => {
    setBusy(true);
    queryClient.setQueryData<Me>(keys.me, (now) => now && { ...now, is_private: isPrivate });
    try {
      await changeMe({ is_private: isPrivate });
      toast(isPrivate ? "Your account is private now." : "Your account is public now.");
    } catch (error) {
      queryClient.setQueryData<Me>(keys.me, (now) => now && { ...now, is_private: !isPrivate });
      toast(`Not changed. ${sentence(error)}`, { tone: "error" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Switch
      label="Private account"
      hint="Only people you accept see your posts and who follows you."
      checked={me.is_private}
      disabled={isBusy}
      onChange={(on) => void change(on)}
    />
  );
}

export default function SettingsPage() {
  useTitle("Settings");
  const me = useMe();
  const chosen = useStore(theme);
  const hasShortcuts = useStore(shortcutsOn);
  const [asksEverywhere, setAsksEverywhere] = useState(false);
  return (
    <Page title="Settings" back={me ? paths.profile(me.username) : paths.home}>
      <div className={styles.page}>
        <Group title="Account">
          <Row to={paths.editProfile}>Edit profile</Row>
          <Row to={paths.saved}>Saved posts</Row>
        </Group>
        <Group title="Privacy">
          {me && <PrivateSwitch me={me} />}
          <Row to={paths.requests}>Follow requests</Row>
          <Row to={paths.blocked}>Blocked accounts</Row>
        </Group>
        <Group title="This browser">
          <Choice<Theme>
            legend="Appearance"
            value={chosen}
            options={themes}
            onChange={chooseTheme}
          />
          <Switch
            label="Keyboard shortcuts"
            hint="On home: J and K go from post to post, L likes, S saves, C opens the comments."
            checked={hasShortcuts}
            onChange={chooseShortcuts}
          />
        </Group>
        <Group title="Session">
          <div className={styles.buttons}>
            <Button onClick={() => void logOut()}>Log out</Button>
            <Button variant="danger" onClick={() => setAsksEverywhere(true)}>
              Log out everywhere
            </Button>
          </div>
        </Group>
      </div>
      {asksEverywhere && (
        <ConfirmDialog
          title="Log out everywhere?"
          text="Every phone and browser that is logged in as you has to log in again, this one too."
          confirm="Log out everywhere"
          onConfirm={() =>
            logOutEverywhere().catch((error) => toast(sentence(error), { tone: "error" }))
          }
          onClose={() => setAsksEverywhere(false)}
        />
      )}
    </Page>
  );
}
