// A letter to those who run this place, from anybody.
import { Check } from "lucide-react";
import { useState } from "react";
import { useSiteName } from "@/api/queries/instance";
import { useMe } from "@/api/queries/me";
import { writeToOperator } from "@/api/queries/safety";
import type { Me } from "@/api/types";
import { paths } from "@/lib/paths";
import { length } from "@/lib/text";
import { useTitle } from "@/lib/title";
import { Button, ButtonLink } from "@/ui/Button";
import { TextArea, TextField } from "@/ui/Field";
import { Problem } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { EmptyState } from "@/ui/States";
import { useSubmit } from "@/ui/submit";
import styles from "./forms.module.css";

const NAME_MAX = 100;
const SUBJECT_MAX = 150;
const MESSAGE_MAX = 5000;

interface Sent {
  readonly address: string;
}

function ContactForm({ me, onSent }: { me: Me | undefined; onSent: (sent: Sent) => void }) {
  const name = useSiteName();
  const [message, setMessage] = useState("");
  const { submit, isBusy, failure } = useSubmit(async (value) => {
    const email = value("email").trim();
    await writeToOperator({
      name: value("name").trim(),
      email,
      subject: value("subject").trim(),
      message: message.trim(),
    });
    onSent({ address: email });
  });
  const fields = failure?.fields ?? {};
  return (
    <form className={styles.form} onSubmit={submit}>
      <p className={styles.text}>
        A question, a wish, something broken? It goes to those who run {name}, and the answer comes
        by mail. To report a post or a person, use “Report” in its menu: moderators see it sooner.
      </p>
      {failure?.rest && <Problem>{failure.rest}</Problem>}
      <TextField
        label="Your name"
        name="name"
        required
        autoComplete="name"
        maxLength={NAME_MAX}
        defaultValue={me?.display_name || me?.username || ""}
        error={fields.name}
      />
      <TextField
        label="Your e-mail"
        name="email"
        type="email"
        required
        autoComplete="email"
        defaultValue={me?.email ?? ""}
        error={fields.email}
      />
      <TextField
        label="Subject"
        name="subject"
        required
        maxLength={SUBJECT_MAX}
        error={fields.subject}
      />
      <TextArea
        label="Message"
        name="message"
        rows={6}
        required
        value={message}
        limit={MESSAGE_MAX}
        error={fields.message}
        onChange={(event) => setMessage(event.target.value)}
      />
      <Button
        type="submit"
        variant="primary"
        wide
        busy={isBusy}
        disabled={length(message.trim()) > MESSAGE_MAX}
      >
        Send
      </Button>
    </form>
  );
}

export default function ContactPage() {
  useTitle("Contact");
  const me = useMe();
  const [sent, setSent] = useState<Sent | null>(null);
  return (
    <Page title="Contact" back={paths.home} isTop>
      {sent ? (
        <EmptyState
          icon={<Check size={30} strokeWidth={1.6} />}
          title="Your message is sent"
          text={`Thank you. The answer goes to ${sent.address}.`}
        >
          <ButtonLink to={paths.home}>Go home</ButtonLink>
        </EmptyState>
      ) : (
        <ContactForm key={me?.id ?? "visitor"} me={me} onSent={setSent} />
      )}
    </Page>
  );
}
