// Everywhere that one is logged in, and the way to end it.
import { useQuery } from "@tanstack/react-query";
import { Laptop, type LucideIcon, Smartphone, Tablet, Terminal } from "lucide-react";
import { useState } from "react";
import { sentence } from "@/api/problem";
import { logOutEverywhere } from "@/api/queries/auth";
import { endSessions, sessionsQuery } from "@/api/queries/security";
import type { Session } from "@/api/types";
import { toast } from "@/lib/announce";
import { calendarDate, inWords } from "@/lib/time";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { ErrorState } from "@/ui/States";
import { type Device, deviceOf } from "./device";
import { Group, GroupSkeleton, Groups } from "./parts";
import parts from "./parts.module.css";
import styles from "./Rows.module.css";

const ICONS: Readonly<Record<Device["kind"], LucideIcon>> = {
  phone: Smartphone,
  tablet: Tablet,
  computer: Laptop,
  program: Terminal,
};

async function endThem(these: readonly Session[], done: string): Promise<void> {
  try {
    await endSessions(these.map((one) => one.id));
    toast(done);
  } catch (error) {
    toast(sentence(error), { tone: "error" });
  }
}

function SessionRow({ session }: { session: Session }) {
  const [isBusy, setBusy] = useState(false);
  const device = deviceOf(session.user_agent);
  const Icon = ICONS[device.kind];
  return (
    <li className={parts.item}>
      <span className={styles.icon}>
        <Icon size={22} strokeWidth={1.7} aria-hidden="true" />
      </span>
      <div className={styles.words}>
        <h3 className={parts.name} title={session.user_agent}>
          {device.name}
        </h3>
        {session.current ? (
          <p className={styles.here}>This device</p>
        ) : (
          <p className={parts.note}>Last used {inWords(session.last_used_at)}</p>
        )}
        <p className={parts.note}>
          {session.address && `${session.address} · `}since {calendarDate(session.created_at)}
        </p>
      </div>
      {!session.current && (
        <Button
          size="small"
          busy={isBusy}
          onClick={async () => {
            setBusy(true);
            await endThem([session], `${device.name} is logged out.`);
            setBusy(false);
          }}
        >
          Log out<span className="visually-hidden"> {device.name}</span>
        </Button>
      )}
    </li>
  );
}

type Question = "others" | "all";

function Questions({ others, asked, onClose }: QuestionsProps) {
  if (asked === "others") {
    return (
      <ConfirmDialog
        title="Log out all others?"
        text="Every other phone and browser has to log in again. This one stays logged in."
        confirm="Log out all others"
        onConfirm={() => void endThem(others, "All other devices are logged out.")}
        onClose={onClose}
      />
    );
  }
  return (
    <ConfirmDialog
      title="Log out everywhere?"
      text="Every phone and browser has to log in again, this one too, and all access tokens end."
      confirm="Log out everywhere"
      onConfirm={() =>
        logOutEverywhere().catch((error) => toast(sentence(error), { tone: "error" }))
      }
      onClose={onClose}
    />
  );
}

interface QuestionsProps {
  readonly others: readonly Session[];
  readonly asked: Question;
  readonly onClose: () => void;
}

export default function SessionsSection() {
  const query = useQuery(sessionsQuery);
  const [asked, setAsked] = useState<Question | null>(null);
  if (query.isPending) return <GroupSkeleton label="Loading devices" rows={3} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const sorted = query.data.toSorted((a, b) => Number(b.current) - Number(a.current));
  const others = sorted.filter((one) => !one.current);
  return (
    <Groups>
      <Group title="Where you are logged in">
        <ul className={styles.rows}>
          {sorted.map((one) => (
            <SessionRow key={one.id} session={one} />
          ))}
        </ul>
        <p className={parts.note}>
          Is there one that you do not know? Log it out, then change your password.
        </p>
      </Group>
      <div className={parts.buttons}>
        {others.length > 1 && (
          <Button onClick={() => setAsked("others")}>Log out all others</Button>
        )}
        <Button variant="danger" onClick={() => setAsked("all")}>
          Log out everywhere
        </Button>
      </div>
      {asked && <Questions others={others} asked={asked} onClose={() => setAsked(null)} />}
    </Groups>
  );
}
