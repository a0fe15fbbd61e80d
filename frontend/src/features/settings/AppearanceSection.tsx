// What a person chose for this browser.
import { Moon, Sun, SunMoon } from "lucide-react";
import { chooseShortcuts, chooseTheme, shortcutsOn, type Theme, theme } from "@/lib/preferences";
import { useStore } from "@/lib/store";
import { Choice, Switch } from "@/ui/Field";
import { Group, Groups } from "./parts";

const themes = [
  { value: "system", label: "System", icon: <SunMoon size={18} aria-hidden="true" /> },
  { value: "light", label: "Light", icon: <Sun size={18} aria-hidden="true" /> },
  { value: "dark", label: "Dark", icon: <Moon size={18} aria-hidden="true" /> },
] as const;

export default function AppearanceSection() {
  const chosen = useStore(theme);
  const hasShortcuts = useStore(shortcutsOn);
  return (
    <Groups>
      <Group title="Look">
        <Choice<Theme> legend="Theme" value={chosen} options={themes} onChange={chooseTheme} />
      </Group>
      <Group title="Keyboard">
        <Switch
          label="Keyboard shortcuts"
          hint="On home: J and K go from post to post, L likes, S saves, C opens the comments."
          checked={hasShortcuts}
          onChange={chooseShortcuts}
        />
      </Group>
    </Groups>
  );
}
