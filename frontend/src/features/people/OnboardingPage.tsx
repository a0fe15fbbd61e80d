// The step after signing up, which can be skipped, and for later: people one may know.
import { useMe } from "@/api/queries/me";
import { paths } from "@/lib/paths";
import { plural } from "@/lib/text";
import { useTitle } from "@/lib/title";
import { ButtonLink } from "@/ui/Button";
import { Page } from "@/ui/Page";
import FindYourPeople from "./FindYourPeople";
import styles from "./OnboardingPage.module.css";

const GOOD_START = 3;

export default function OnboardingPage() {
  useTitle("Find your people");
  const me = useMe();
  const following = me?.following_count ?? 0;
  const isStarting = following < GOOD_START;
  return (
    <Page title="Find your people">
      <div className={styles.body}>
        <p className={styles.text}>
          {isStarting
            ? "Your home shows the people you follow, newest first, and nothing else. Three are a good start."
            : `You follow ${plural(following, "person", "people")}. Whoever you add here is on your home at once.`}
        </p>
        <FindYourPeople />
      </div>
      <div className={styles.foot}>
        <ButtonLink to={paths.editProfile}>Add your picture</ButtonLink>
        <ButtonLink to={paths.home} variant={following > 0 ? "primary" : "secondary"}>
          {following > 0 ? "Go to your home" : "Skip for now"}
        </ButtonLink>
      </div>
    </Page>
  );
}
