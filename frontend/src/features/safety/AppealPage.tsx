// Object to what a moderator did: by the link of the mail about it, signed in or not.
import { Check, LinkIcon, Scale } from "lucide-react";
import { useState } from "react";
import { appeal } from "@/api/queries/safety";
import { useLinkToken } from "@/features/auth/fragment";
import { paths } from "@/lib/paths";
import { length } from "@/lib/text";
import { useTitle } from "@/lib/title";
import { Button, ButtonLink } from "@/ui/Button";
import { TextArea } from "@/ui/Field";
import { Problem } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { EmptyState } from "@/ui/States";
import { useSubmit } from "@/ui/submit";
import styles from "./forms.module.css";

const TEXT_MAX = 2000;

function BadLink() {
  return (
    <EmptyState
      icon={<LinkIcon size={30} strokeWidth={1.6} />}
      title="This link is not complete"
      text="Open it once more from the mail, or copy all of it into the address bar."
    >
      <ButtonLink to={paths.contact}>Write to us instead</ButtonLink>
    </EmptyState>
  );
}

function Sent() {
  return (
    <EmptyState
      icon={<Check size={30} strokeWidth={1.6} />}
      title="Your objection is sent"
      text="Another look is taken at it, and the answer comes by mail."
    >
      <ButtonLink to={paths.home}>Go home</ButtonLink>
    </EmptyState>
  );
}

function Already() {
  return (
    <EmptyState
      icon={<Scale size={30} strokeWidth={1.6} />}
      title="You have objected to this already"
      text="One objection is looked at once more; its answer comes by mail."
    >
      <ButtonLink to={paths.home}>Go home</ButtonLink>
    </EmptyState>
  );
}

function AppealForm({ token, onSent }: { token: string; onSent: () => void }) {
  const [text, setText] = useState("");
  const { submit, isBusy, failure } = useSubmit(async () => {
    await appeal(token, text.trim());
    onSent();
  });
  if (failure?.error.code === "bad_token") return <BadLink />;
  if (failure?.error.code === "appealed") return <Already />;
  return (
    <form className={styles.form} onSubmit={submit}>
      <p className={styles.text}>
        You had a mail about something that a moderator did. Say why you see it differently:
        somebody looks at it again. You can object once.
      </p>
      {failure?.rest && <Problem>{failure.rest}</Problem>}
      <TextArea
        label="Your objection"
        name="text"
        rows={6}
        required
        value={text}
        limit={TEXT_MAX}
        error={failure?.fields.text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button
        type="submit"
        variant="primary"
        wide
        busy={isBusy}
        disabled={!text.trim() || length(text.trim()) > TEXT_MAX}
      >
        Send objection
      </Button>
    </form>
  );
}

export default function AppealPage() {
  useTitle("Object to a decision");
  const token = useLinkToken();
  const [isSent, setSent] = useState(false);
  return (
    <Page title="Object to a decision">
      {isSent && <Sent />}
      {!isSent && !token && <BadLink />}
      {!isSent && token && <AppealForm key={token} token={token} onSent={() => setSent(true)} />}
    </Page>
  );
}
