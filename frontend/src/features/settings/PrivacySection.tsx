// Who may see what.
import { useState } from "react";
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { changeMe, useMe } from "@/api/queries/me";
import { queryClient } from "@/api/queryClient";
import type { Me } from "@/api/types";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { Switch } from "@/ui/Field";
import { Group, Groups, Row } from "./parts";

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

export default function PrivacySection() {
  const me = useMe();
  return (
    <Groups>
      <Group title="Your posts">
        {me && <PrivateSwitch me={me} />}
        <Row to={paths.requests}>Follow requests</Row>
      </Group>
      <Group title="People">
        <Row to={paths.blocked}>Blocked accounts</Row>
      </Group>
    </Groups>
  );
}
