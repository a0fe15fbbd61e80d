// What a visitor sees first.
import { Archive, Clock, Images, MessageCircle } from "lucide-react";
import { Link } from "react-router";
import { useSiteName } from "@/api/queries/instance";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Flame, Wordmark } from "@/ui/Brand";
import { ButtonLink } from "@/ui/Button";
import styles from "./WelcomePage.module.css";

const promises = [
  {
    icon: <Clock size={22} />,
    title: "Only your people",
    text: "Photographs of those you follow, newest first. No ads, no suggested posts.",
  },
  {
    icon: <Images size={22} />,
    title: "Pictures as you shot them",
    text: "Any shape, up to twenty in a post, with a description for those who listen.",
  },
  {
    icon: <MessageCircle size={22} />,
    title: "Messages that arrive",
    text: "In order, once, on every device, also after the train came out of the tunnel.",
  },
  {
    icon: <Archive size={22} />,
    title: "Yours to take along",
    text: "People run this server themselves, and your pictures stay yours.",
  },
] as const;

export default function WelcomePage() {
  useTitle("");
  const name = useSiteName();
  return (
    <div className={styles.page}>
      <section className={styles.hero}>
        <div className={styles.flame}>
          <Flame size={104} />
        </div>
        <h1>
          <span className="visually-hidden">{name}</span>
          <Wordmark height={92} />
        </h1>
        <p className={styles.line}>A quiet place for photographs and the people in them.</p>
        <div className={styles.actions}>
          <ButtonLink variant="primary" to={paths.signup}>
            Create an account
          </ButtonLink>
          <ButtonLink to={paths.login} state={{ ask: true }}>
            Log in
          </ButtonLink>
        </div>
      </section>
      <ul className={styles.promises}>
        {promises.map((promise) => (
          <li key={promise.title}>
            <span className={styles.icon}>{promise.icon}</span>
            <h2>{promise.title}</h2>
            <p>{promise.text}</p>
          </li>
        ))}
      </ul>
      <footer className={styles.foot}>
        <Link to={paths.contact}>Contact</Link>
      </footer>
    </div>
  );
}
