// Asks for another mail, at most once a minute.
import { useState } from "react";
import { keys } from "@/api/keys";
import { asApiError, sentence } from "@/api/problem";
import { resendProof } from "@/api/queries/credentials";
import { queryClient } from "@/api/queryClient";
import { toast } from "@/lib/announce";
import { useCountdown } from "@/lib/countdown";
import { Button } from "@/ui/Button";
import { codeSent, nextCodeAt } from "./proof";

export function ResendButton() {
  const [next, setNext] = useState(nextCodeAt);
  const [isBusy, setBusy] = useState(false);
  const left = useCountdown(next);
  const ask = async () => {
    setBusy(true);
    try {
      await resendProof();
      codeSent();
      setNext(nextCodeAt());
      toast("A new code is on its way. The old one is void.");
    } catch (problem) {
      // The link was opened meanwhile, perhaps on another device.
      if (asApiError(problem).code === "already_verified") {
        await queryClient.invalidateQueries({ queryKey: keys.me });
      } else {
        toast(sentence(problem), { tone: "error" });
      }
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button variant="text" busy={isBusy} disabled={left > 0} onClick={() => void ask()}>
      {left > 0 ? `Send a new code in ${left} s` : "Send a new code"}
    </Button>
  );
}
