// What waits for the person and stands over every page until it is done.
import { FileText, MailWarning } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { sentence } from "@/api/problem";
import { agree, useChangedDocuments } from "@/api/queries/consents";
import { useMe } from "@/api/queries/me";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { Button } from "@/ui/Button";
import { LegalLinks } from "@/ui/LegalLinks";
import styles from "./Banners.module.css";

function VerifyBanner() {
  const me = useMe();
  if (!me || me.email_verified) return null;
  return (
    <aside className={styles.banner} aria-label="Your e-mail address">
      <MailWarning size={20} aria-hidden="true" />
      <p>Verify your e-mail to share and follow.</p>
      <Link to={paths.verify}>Enter the code</Link>
    </aside>
  );
}

/** What one agreed to stands in a new version. */
function ChangedDocuments() {
  const documents = useChangedDocuments();
  const [isBusy, setBusy] = useState(false);
  if (documents.length === 0) return null;
  const accept = async () => {
    setBusy(true);
    try {
      await agree(documents);
      toast("Thank you. It is noted.");
    } catch (error) {
      toast(`Not noted. ${sentence(error)}`, { tone: "error" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <aside className={styles.banner} aria-label="Changed documents">
      <FileText size={20} aria-hidden="true" />
      <p>
        There is a new version of the <LegalLinks documents={documents} />.
      </p>
      <Button size="small" busy={isBusy} onClick={() => void accept()}>
        I agree
      </Button>
    </aside>
  );
}

export function Banners() {
  return (
    <>
      <VerifyBanner />
      <ChangedDocuments />
    </>
  );
}
