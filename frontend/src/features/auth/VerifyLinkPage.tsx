// Where the link of a mail leads: it verifies an address, signed in or not.
import { useCallback, useEffect, useState } from "react";
import { type ApiError, asApiError } from "@/api/problem";
import { verifyByLink } from "@/api/queries/credentials";
import { useMe } from "@/api/queries/me";
import { session } from "@/api/session";
import { paths } from "@/lib/paths";
import { useStore } from "@/lib/store";
import { useTitle } from "@/lib/title";
import { Button, ButtonLink } from "@/ui/Button";
import { AuthCard } from "./AuthCard";
import styles from "./AuthCard.module.css";
import { forgetAddress } from "./proof";

const opened = new Map<string, Promise<void>>();

/** A token opens once: one request, however often the page is drawn. */
function open(token: string): Promise<void> {
  const known = opened.get(token);
  if (known) return known;
  const request = verifyByLink(token).then(forgetAddress);
  opened.set(token, request);
  return request;
}

type Outcome = "pending" | "verified" | ApiError;

function useLink(token: string): [outcome: Outcome, retry: () => void] {
  const [outcome, setOutcome] = useState<Outcome>("pending");
  const look = useCallback(() => {
    setOutcome("pending");
    open(token).then(
      () => setOutcome("verified"),
      (problem) => {
        opened.delete(token);
        setOutcome(asApiError(problem));
      },
    );
  }, [token]);
  useEffect(look, [look]);
  return [outcome, look];
}

/** What to do instead; who is verified already needs nothing. */
function WayOn({ isMember }: { isMember: boolean }) {
  const me = useMe();
  const [to, words] = !isMember
    ? [paths.login, "Log in to get a new one"]
    : me?.email_verified
      ? [paths.settingsSection("account"), "Go to your account"]
      : [paths.verify, "Use the code instead"];
  return (
    <ButtonLink wide to={to} replace>
      {words}
    </ButtonLink>
  );
}

export default function VerifyLinkPage({ token }: { token: string }) {
  useTitle("Verify your e-mail");
  const isMember = useStore(session.status) === "signed-in";
  const [outcome, retry] = useLink(token);
  if (outcome === "pending") {
    return <AuthCard title="One moment" text={<span role="status">Looking at the link…</span>} />;
  }
  if (outcome === "verified") {
    return (
      <AuthCard
        title="Your address is verified"
        text={isMember ? "All is well." : "You can log in now."}
      >
        {isMember ? (
          <ButtonLink variant="primary" wide to={paths.home} replace>
            Go on
          </ButtonLink>
        ) : (
          <ButtonLink variant="primary" wide to={paths.login} state={{ ask: true }} replace>
            Log in
          </ButtonLink>
        )}
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title={outcome.isTransient ? "That did not work" : "This link does not work any more"}
      text={<span role="alert">{outcome.message}</span>}
    >
      <div className={styles.form}>
        {outcome.isTransient && (
          <Button variant="primary" wide onClick={retry}>
            Try again
          </Button>
        )}
        <WayOn isMember={isMember} />
      </div>
    </AuthCard>
  );
}
