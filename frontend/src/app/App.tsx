// The routes, and who may see them.
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { Navigate, Route, Routes, useLocation, useSearchParams } from "react-router";
import { queryClient } from "@/api/queryClient";
import { session } from "@/api/session";
import { useLinkToken } from "@/features/auth/fragment";
import { HomePage } from "@/features/feed/HomePage";
import { backgroundOf } from "@/lib/overlay";
import { paths, safeNext } from "@/lib/paths";
import { useStore } from "@/lib/store";
import { Voice } from "@/ui/Toaster";
import { Crash } from "./Crash";
import { Shell } from "./Shell";
import { Splash, Unreachable } from "./Start";

const Realtime = lazy(() => import("./Realtime"));
const WelcomePage = lazy(() => import("@/features/auth/WelcomePage"));
const LoginPage = lazy(() => import("@/features/auth/LoginPage"));
const SignupPage = lazy(() => import("@/features/auth/SignupPage"));
const VerifyPage = lazy(() => import("@/features/auth/VerifyPage"));
const VerifyLinkPage = lazy(() => import("@/features/auth/VerifyLinkPage"));
const ForgotPage = lazy(() => import("@/features/auth/ForgotPage"));
const ResetPage = lazy(() => import("@/features/auth/ResetPage"));
const LeavingPage = lazy(() => import("@/features/settings/LeavingPage"));
const AppealPage = lazy(() => import("@/features/safety/AppealPage"));
const ContactPage = lazy(() => import("@/features/safety/ContactPage"));
const OnboardingPage = lazy(() => import("@/features/people/OnboardingPage"));
const SearchPage = lazy(() => import("@/features/search/SearchPage"));
const PostPage = lazy(() => import("@/features/post/PostPage"));
const PostDialog = lazy(() => import("@/features/post/PostDialog"));
const CreateDialog = lazy(() => import("@/features/create/CreateDialog"));
const ProfilePage = lazy(() => import("@/features/profile/ProfilePage"));
const PeoplePage = lazy(() => import("@/features/profile/PeoplePage"));
const SavedPage = lazy(() => import("@/features/saved/SavedPage"));
const CollectionPage = lazy(() => import("@/features/saved/CollectionPage"));
const OwnPage = lazy(() => import("@/features/own/OwnPage"));
const TagPage = lazy(() => import("@/features/tags/TagPage"));
const PlacePage = lazy(() => import("@/features/places/PlacePage"));
const MessagesPage = lazy(() => import("@/features/messages/MessagesPage"));
const NotificationsPage = lazy(() => import("@/features/notifications/NotificationsPage"));
const RequestsPage = lazy(() => import("@/features/notifications/RequestsPage"));
const SettingsPage = lazy(() => import("@/features/settings/SettingsPage"));
const NotFoundPage = lazy(() => import("./NotFoundPage"));

/** Only for signed-in people; others go to log-in and come back. */
function Private({ children }: { children: ReactNode }) {
  const status = useStore(session.status);
  const { pathname, search } = useLocation();
  const mustAsk = status === "signed-out" && session.isUnknown;
  useEffect(() => {
    if (mustAsk) void session.ask();
  }, [mustAsk]);
  if (status === "signed-in") return children;
  if (mustAsk) return null;
  return <Navigate replace to={`${paths.login}?next=${encodeURIComponent(pathname + search)}`} />;
}

/** Log-in and sign-up: who is signed in already goes on. */
function Entrance({ children }: { children: ReactNode }) {
  const status = useStore(session.status);
  const [query] = useSearchParams();
  return status === "signed-in" ? <Navigate replace to={safeNext(query.get("next"))} /> : children;
}

/** Who has just signed up goes on to the code of the mail; who is verified goes on from there. */
function Signup() {
  const { search } = useLocation();
  const isMember = useStore(session.status) === "signed-in";
  return isMember ? <Navigate replace to={paths.verify + search} /> : <SignupPage />;
}

/** The address is verified by the link of the mail, or by its code. */
function Verify() {
  const token = useLinkToken();
  return token ? <VerifyLinkPage key={token} token={token} /> : membersOnly(<VerifyPage />);
}

const membersOnly = (page: ReactNode) => <Private>{page}</Private>;
const entrance = (page: ReactNode) => <Entrance>{page}</Entrance>;

function Home() {
  return useStore(session.status) === "signed-in" ? <HomePage /> : <WelcomePage />;
}

const members: readonly (readonly [path: string, page: ReactNode])[] = [
  [paths.welcome, <OnboardingPage key="welcome" />],
  [paths.search, <SearchPage key="search" />],
  [paths.messages, <MessagesPage key="messages" />],
  [paths.conversation(":conversationId"), <MessagesPage key="messages" />],
  [paths.notifications, <NotificationsPage key="notifications" />],
  [paths.requests, <RequestsPage key="requests" />],
  [paths.saved, <SavedPage key="saved" />],
  [paths.collection(":collectionId"), <CollectionPage key="collection" />],
  [paths.own(":list"), <OwnPage key="own" />],
  [paths.settingsSection("*"), <SettingsPage key="settings" />],
];

function Pages() {
  const location = useLocation();
  const isCreating = location.pathname === paths.create;
  const below =
    backgroundOf(location) ?? (isCreating ? { ...location, pathname: paths.home } : null);
  return (
    <Shell location={below ?? location}>
      <Suspense fallback={null}>
        <Routes location={below ?? location}>
          <Route path={paths.home} element={<Home />} />
          <Route path={paths.login} element={entrance(<LoginPage />)} />
          <Route path={paths.signup} element={<Signup />} />
          <Route path={paths.verify} element={<Verify />} />
          <Route path={paths.forgot} element={<ForgotPage />} />
          <Route path={paths.reset} element={<ResetPage />} />
          <Route path={paths.appeal} element={<AppealPage />} />
          <Route path={paths.contact} element={<ContactPage />} />
          {members.map(([path, page]) => (
            <Route key={path} path={path} element={membersOnly(page)} />
          ))}
          <Route path={paths.post(":shortcode")} element={<PostPage />} />
          <Route path="/tags/:name" element={<TagPage />} />
          <Route path={paths.place(":placeId")} element={<PlacePage />} />
          <Route path={paths.profile(":username")} element={<ProfilePage />} />
          <Route path={paths.tagged(":username")} element={<ProfilePage tab="tagged" />} />
          <Route path={paths.followers(":username")} element={<PeoplePage list="followers" />} />
          <Route path={paths.following(":username")} element={<PeoplePage list="following" />} />
          <Route
            path={paths.mutuals(":username")}
            element={membersOnly(<PeoplePage list="mutuals" />)}
          />
          <Route path="*" element={<NotFoundPage />} />
        </Routes>
      </Suspense>
      {below && (
        <Suspense fallback={null}>
          <Routes>
            <Route path={paths.post(":shortcode")} element={<PostDialog />} />
            <Route path={paths.create} element={membersOnly(<CreateDialog />)} />
          </Routes>
        </Suspense>
      )}
    </Shell>
  );
}

export function App() {
  const status = useStore(session.status);
  const isMember = status === "signed-in";
  // Whose account is about to be erased sees nothing but the way back.
  const isLeaving = useStore(session.isLeaving) && isMember;

  // Nothing of one person may be seen by the next.
  useEffect(() => {
    if (status === "signed-out") queryClient.clear();
  }, [status]);

  return (
    <Crash>
      {status === "starting" && <Splash />}
      {status === "unreachable" && <Unreachable />}
      {(isMember || status === "signed-out") && !isLeaving && <Pages />}
      {isMember && (
        <Suspense fallback={null}>{isLeaving ? <LeavingPage /> : <Realtime />}</Suspense>
      )}
      <Voice />
    </Crash>
  );
}
