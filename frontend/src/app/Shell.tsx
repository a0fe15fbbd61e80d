// The frame around every page: skip link, navigation, offline notice, focus and title on navigation.
import {
  Bell,
  Bookmark,
  FolderHeart,
  House,
  LogOut,
  Menu as MenuIcon,
  MessageCircle,
  Search,
  Settings,
  SquarePlus,
} from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Link, type Location, NavLink, useNavigate } from "react-router";
import { logOut } from "@/api/queries/auth";
import { useSiteName } from "@/api/queries/instance";
import { useBadges, useMe } from "@/api/queries/me";
import { session } from "@/api/session";
import { announce } from "@/lib/announce";
import { useIsWide } from "@/lib/media";
import { useOnline } from "@/lib/online";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import { useScrollPosition } from "@/lib/scroll";
import { useStore } from "@/lib/store";
import { count } from "@/lib/text";
import { pageTitle, unreadTotal, useDocumentTitle } from "@/lib/title";
import { Avatar } from "@/ui/Avatar";
import { Flame, Wordmark } from "@/ui/Brand";
import { ButtonLink } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Menu } from "@/ui/Menu";
import { Banners } from "./Banners";
import styles from "./Shell.module.css";

interface Entry {
  readonly to: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly badge?: number;
  readonly state?: unknown;
  readonly exact?: boolean;
}

function Badge({ value }: { value: number }) {
  if (value === 0) return null;
  return (
    <span className={styles.badge} aria-hidden="true">
      {value > 99 ? "99+" : count(value)}
    </span>
  );
}

function NavEntry({ entry }: { entry: Entry }) {
  const waiting = entry.badge ?? 0;
  return (
    <NavLink
      to={entry.to}
      state={entry.state}
      end={entry.exact ?? false}
      className={({ isActive }) => classes(styles.entry, isActive && styles.active)}
    >
      <span className={styles.icon}>
        {entry.icon}
        <Badge value={waiting} />
      </span>
      <span className={styles.label}>
        {entry.label}
        {waiting > 0 && <span className="visually-hidden">, {waiting} new</span>}
      </span>
    </NavLink>
  );
}

function useEntries(): Record<
  "home" | "search" | "create" | "messages" | "bell" | "profile",
  Entry
> {
  const me = useMe();
  const badges = useBadges();
  const overlay = useOverlayState(true);
  const messages = (badges?.messages ?? 0) + (badges?.message_requests ?? 0);
  const bell = (badges?.notifications ?? 0) + (badges?.follow_requests ?? 0);
  useEffect(() => unreadTotal.set(messages + bell), [messages, bell]);
  return {
    home: { to: paths.home, label: "Home", icon: <House size={24} />, exact: true },
    search: { to: paths.search, label: "Search", icon: <Search size={24} /> },
    create: { to: paths.create, label: "Create", icon: <SquarePlus size={24} />, state: overlay },
    messages: {
      to: paths.messages,
      label: "Messages",
      icon: <MessageCircle size={24} />,
      badge: messages,
    },
    bell: {
      to: paths.notifications,
      label: "Notifications",
      icon: <Bell size={24} />,
      badge: bell,
    },
    profile: {
      to: me ? paths.profile(me.username) : paths.home,
      label: "Profile",
      icon: me ? <Avatar person={me} size={26} /> : <span className={styles.avatarPlace} />,
      exact: true,
    },
  };
}

function More() {
  const navigate = useNavigate();
  return (
    <Menu
      label="More"
      icon={<MenuIcon size={24} />}
      items={[
        { label: "Settings", icon: <Settings size={20} />, run: () => navigate(paths.settings) },
        {
          label: "Your posts",
          icon: <FolderHeart size={20} />,
          run: () => navigate(paths.own("drafts")),
        },
        { label: "Saved", icon: <Bookmark size={20} />, run: () => navigate(paths.saved) },
        { label: "Log out", icon: <LogOut size={20} />, run: () => void logOut() },
      ]}
    />
  );
}

function MemberRail() {
  const { home, search, create, messages, bell, profile } = useEntries();
  return (
    <nav className={styles.rail} aria-label="Main">
      <Link to={paths.home} className={styles.brand} aria-label="Jyoti, home">
        <span className={styles.flame}>
          <Flame size={34} />
        </span>
        <span className={styles.wordmark}>
          <Wordmark height={46} />
        </span>
      </Link>
      {[home, search, messages, bell, create, profile].map((entry) => (
        <NavEntry key={entry.label} entry={entry} />
      ))}
      <div className={styles.more}>
        <More />
      </div>
    </nav>
  );
}

function MemberBars({ isHome }: { isHome: boolean }) {
  const { home, search, create, messages, bell, profile } = useEntries();
  return (
    <>
      {isHome && (
        <header className={styles.topBar}>
          <Link to={paths.home} className={styles.brand} aria-label="Jyoti, home">
            <Wordmark height={40} />
          </Link>
          <NavEntry entry={bell} />
        </header>
      )}
      <nav className={styles.bottomBar} aria-label="Main">
        {[home, search, create, messages, profile].map((entry) => (
          <NavEntry key={entry.label} entry={entry} />
        ))}
      </nav>
    </>
  );
}

function VisitorBar({ location }: { location: Location }) {
  const next = encodeURIComponent(location.pathname + location.search);
  return (
    <header className={styles.visitorBar}>
      <Link to={paths.home} className={styles.brand} aria-label="Jyoti, home">
        <Wordmark height={40} />
      </Link>
      <ButtonLink size="small" to={`${paths.login}?next=${next}`} state={{ ask: true }}>
        Log in
      </ButtonLink>
      <ButtonLink size="small" variant="primary" to={`${paths.signup}?next=${next}`}>
        Sign up
      </ButtonLink>
    </header>
  );
}

/** Focus goes to the new page and its title is read out. */
function useArrival(location: Location) {
  const ref = useRef<HTMLElement>(null);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page, and nothing else, moves the focus
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return undefined;
    }
    // A page that put the focus into a field of its own knows better.
    if (!document.activeElement?.matches("input, textarea")) {
      ref.current?.focus({ preventScroll: true });
    }
    const timer = setTimeout(() => announce(pageTitle.get()), 300);
    return () => clearTimeout(timer);
  }, [location.key]);
  return ref;
}

/** Pages with one form and nothing around it, also for members. */
const CARDS = new Set<string>([paths.login, paths.signup, paths.verify, paths.forgot, paths.reset]);

export function Shell({ location, children }: { location: Location; children: ReactNode }) {
  const isMember = useStore(session.status) === "signed-in";
  const isWide = useIsWide();
  const isOnline = useOnline();
  const main = useArrival(location);
  useScrollPosition(location);
  useDocumentTitle(useSiteName());
  const isHome = location.pathname === paths.home;
  const isCard = CARDS.has(location.pathname);
  const hasNavigation = isMember && !isCard;
  const isThread = /^\/messages\/./.test(location.pathname);
  const isMessages = location.pathname.startsWith(paths.messages);

  return (
    <div
      className={classes(styles.shell, hasNavigation && styles.member, isThread && styles.thread)}
    >
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      {hasNavigation && isWide && <MemberRail />}
      {hasNavigation && !isWide && <MemberBars isHome={isHome} />}
      {!isMember && !isCard && !isHome && <VisitorBar location={location} />}
      {!isOnline && (
        <p className={styles.offline} role="status">
          You are offline. What you see may be old.
        </p>
      )}
      {hasNavigation && !isMessages && <Banners />}
      <main ref={main} id="main" tabIndex={-1} className={styles.main}>
        {children}
      </main>
    </div>
  );
}
