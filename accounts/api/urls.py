"""Routes of people, sessions and follows under /api/v1/."""

from django.urls import path

from accounts.api.views import auth, credentials, people, relations, security

urlpatterns = [
    path("auth/register", auth.RegisterApi.as_view()),
    path("auth/login", auth.LoginApi.as_view()),
    path("auth/login/mfa", auth.LoginSecondApi.as_view()),
    path("auth/refresh", auth.RefreshApi.as_view()),
    path("auth/logout", auth.LogoutApi.as_view()),
    path("auth/logout-all", auth.LogoutAllApi.as_view()),
    path("auth/username-available", auth.UsernameAvailableApi.as_view()),
    path("auth/email/verify", credentials.EmailVerifyApi.as_view()),
    path("auth/email/resend", credentials.EmailResendApi.as_view()),
    path("auth/email/change", credentials.EmailChangeApi.as_view()),
    path("auth/password/forgot", credentials.PasswordForgotApi.as_view()),
    path("auth/password/reset", credentials.PasswordResetApi.as_view()),
    path("auth/password/change", credentials.PasswordChangeApi.as_view()),
    path("auth/sessions", security.SessionsApi.as_view()),
    path("auth/sessions/<id:session_id>", security.SessionApi.as_view()),
    path("auth/mfa", security.SecondFactorApi.as_view()),
    path("auth/mfa/totp", security.TotpApi.as_view()),
    path("auth/mfa/totp/confirm", security.TotpConfirmApi.as_view()),
    path("auth/mfa/recovery-codes", security.RecoveryCodesApi.as_view()),
    path("auth/tokens", security.TokensApi.as_view()),
    path("auth/tokens/<id:token_id>", security.TokenApi.as_view()),
    path("auth/ws-ticket", auth.WsTicketApi.as_view()),
    path("me", people.MeApi.as_view()),
    path("me/avatar", people.AvatarApi.as_view()),
    path("me/blocks", relations.BlocksApi.as_view()),
    path("me/follow-requests", relations.FollowRequestsApi.as_view()),
    path("follow-requests/<id:user_id>/accept", relations.FollowRequestAcceptApi.as_view()),
    path("follow-requests/<id:user_id>/decline", relations.FollowRequestDeclineApi.as_view()),
    path("users/lookup", people.UserLookupApi.as_view()),
    path("users/<id:user_id>", people.UserApi.as_view()),
    path("users/<id:user_id>/follow", relations.FollowApi.as_view()),
    path("users/<id:user_id>/followers", relations.FollowersApi.as_view()),
    path("users/<id:user_id>/following", relations.FollowingApi.as_view()),
    path("users/<id:user_id>/block", relations.BlockApi.as_view()),
]
