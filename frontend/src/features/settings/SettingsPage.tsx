// Settings: a column of sections with the chosen one beside it, one at a time where there is little room.
import { ChevronRight, LogOut } from "lucide-react";
import { Suspense } from "react";
import { Link, useParams } from "react-router";
import { logOut } from "@/api/queries/auth";
import { useMe } from "@/api/queries/me";
import { useHasTwoPanes } from "@/lib/media";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { classes } from "@/ui/classes";
import { NotFound } from "@/ui/NotFound";
import { Page } from "@/ui/Page";
import styles from "./SettingsPage.module.css";
import { GROUPS, type Section, sectionOf, sections } from "./sections";

function Column({ current }: { current: Section | undefined }) {
  const marked = current?.parent ?? current?.slug;
  return (
    <nav className={styles.sections} aria-label="Settings">
      {GROUPS.map((group) => (
        <div key={group} className={styles.group}>
          <h2 className={styles.heading}>{group}</h2>
          <ul>
            {sections
              .filter((section) => section.group === group)
              .map(({ slug, label, icon: Icon }) => (
                <li key={slug}>
                  <Link
                    to={paths.settingsSection(slug)}
                    className={classes(styles.entry, slug === marked && styles.active)}
                    aria-current={slug === marked ? "page" : undefined}
                  >
                    {Icon && <Icon size={20} aria-hidden="true" />}
                    <span className={styles.label}>{label}</span>
                    <ChevronRight size={18} aria-hidden="true" className={styles.arrow} />
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
      <button
        type="button"
        className={classes(styles.entry, styles.out)}
        onClick={() => void logOut()}
      >
        <LogOut size={20} aria-hidden="true" />
        <span className={styles.label}>Log out</span>
      </button>
    </nav>
  );
}

function Pane({ section, isAlone }: { section: Section; isAlone: boolean }) {
  useTitle(section.label);
  const Body = section.body;
  const back = section.parent ? paths.settingsSection(section.parent) : paths.settings;
  return (
    <Page title={section.label} {...((isAlone || section.parent) && { back })}>
      <Suspense fallback={null}>
        <Body key={section.slug} />
      </Suspense>
    </Page>
  );
}

function Contents() {
  useTitle("Settings");
  const me = useMe();
  return (
    <Page title="Settings" back={me ? paths.profile(me.username) : paths.home}>
      <Column current={undefined} />
    </Page>
  );
}

export default function SettingsPage() {
  const slug = useParams()["*"] ?? "";
  const hasTwoPanes = useHasTwoPanes();
  const section = slug ? sectionOf(slug) : hasTwoPanes ? sections[0] : undefined;
  if (slug && !section) return <NotFound />;
  if (!section) return <Contents />;
  // The pane stays the same one when a device is turned: what is open in it must not be lost.
  return (
    <div className={styles.page}>
      {hasTwoPanes && (
        <div className={styles.column}>
          <p className={styles.title}>Settings</p>
          <Column current={section} />
        </div>
      )}
      <div className={styles.pane}>
        <Pane section={section} isAlone={!hasTwoPanes} />
      </div>
    </div>
  );
}
