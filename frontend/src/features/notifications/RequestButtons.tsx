// Accept or decline somebody who wants to follow.
import { useState } from "react";
import { sentence } from "@/api/problem";
import { answerRequest } from "@/api/queries/me";
import type { UserSummary } from "@/api/types";
import { toast } from "@/lib/announce";
import { Button } from "@/ui/Button";
import styles from "./RequestButtons.module.css";

type State = "open" | "accept" | "decline";

export function RequestButtons({ person }: { person: UserSummary }) {
  const [state, setState] = useState<State>("open");
  const answer = async (wish: "accept" | "decline") => {
    setState(wish);
    try {
      await answerRequest(person.id, wish);
    } catch (error) {
      setState("open");
      toast(sentence(error), { tone: "error" });
    }
  };
  if (state !== "open") {
    return <span className={styles.done}>{state === "accept" ? "Accepted" : "Declined"}</span>;
  }
  return (
    <span className={styles.buttons}>
      <Button size="small" variant="primary" onClick={() => void answer("accept")}>
        Accept<span className="visually-hidden"> {person.username}</span>
      </Button>
      <Button size="small" onClick={() => void answer("decline")}>
        Decline<span className="visually-hidden"> {person.username}</span>
      </Button>
    </span>
  );
}
