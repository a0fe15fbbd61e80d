// Create an account; the code of the mail is asked for on the next page.
import { useState } from "react";
import { Link, useLocation, useSearchParams } from "react-router";
import { register } from "@/api/queries/auth";
import { useDocuments, useRegistration, useSiteName } from "@/api/queries/instance";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { LegalLinks } from "@/ui/LegalLinks";
import { Problem } from "@/ui/Notice";
import { useSubmit } from "@/ui/submit";
import { AuthCard } from "./AuthCard";
import styles from "./AuthCard.module.css";
import { NewPassword } from "./NewPassword";
import { codeSent } from "./proof";
import { UsernameField } from "./UsernameField";

function HaveAccount() {
  const { search } = useLocation();
  return (
    <p>
      Have an account? <Link to={paths.login + search}>Log in</Link>
    </p>
  );
}

function Closed() {
  const name = useSiteName();
  return (
    <AuthCard
      title="No new accounts"
      text={`${name} takes no new accounts at the moment.`}
      foot={<HaveAccount />}
    />
  );
}

export default function SignupPage() {
  useTitle("Create an account");
  const registration = useRegistration();
  const documents = useDocuments();
  const [query] = useSearchParams();
  const [username, setUsername] = useState("");
  const { submit, isBusy, failure } = useSubmit(async (value) => {
    const optional = (name: string) => value(name).trim();
    codeSent();
    await register({
      username,
      email: value("email").trim(),
      password: value("password"),
      ...(optional("display_name") && { display_name: optional("display_name") }),
      ...(optional("invite") && { invite: optional("invite") }),
    });
  });

  if (registration === "closed") return <Closed />;
  const fields = failure?.fields ?? {};
  return (
    <AuthCard title="Your people, your pictures. Nothing else." foot={<HaveAccount />}>
      <form className={styles.form} onSubmit={submit}>
        {failure?.rest && <Problem>{failure.rest}</Problem>}
        {registration === "invite" && (
          <TextField
            label="Invite code"
            name="invite"
            required
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            maxLength={60}
            defaultValue={query.get("invite") ?? ""}
            error={fields.invite}
          />
        )}
        <TextField
          label="E-mail"
          name="email"
          type="email"
          required
          autoComplete="email"
          error={fields.email}
          hint="A code goes there. Nobody else sees it."
        />
        <UsernameField value={username} onChange={setUsername} error={fields.username} />
        <TextField
          label="Name (optional)"
          name="display_name"
          autoComplete="name"
          error={fields.display_name}
        />
        <NewPassword label="Password" error={fields.password} />
        <Button type="submit" variant="primary" wide busy={isBusy}>
          Create account
        </Button>
        {documents.length > 0 && (
          <p className={styles.legal}>
            By creating an account you agree to the <LegalLinks documents={documents} />.
          </p>
        )}
      </form>
    </AuthCard>
  );
}
