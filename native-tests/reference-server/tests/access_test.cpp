// SPDX-License-Identifier: MIT
// Who may come in: tokens, roles, the policy, pages of another origin.
#include "routes.h"
#include "server_fixture.h"

namespace sfluv::server {
namespace {

TEST(Jwt, AcceptsItsOwn) {
  EXPECT_EQ(verify_token(sign_token(jane, secret, 100, 10), secret, 109), jane);
  EXPECT_EQ(user_of_header("bEaReR " + sign_token(jane, secret, 100, 10), secret, 100), jane);
}

TEST(Jwt, AgreesWithAnIndependentSigner) {
  // HS256 of {"alg":"HS256","typ":"JWT"}.{"sub":"1234567890","name":"John Doe","iat":1516239022},
  // the token that jwt.io shows: a right signature, but no expiry.
  const std::string token =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
      "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5"
      "MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
  EXPECT_FALSE(verify_token(token, "your-256-bit-secret", 0));
  const std::string own = sign_token("1234567890", "your-256-bit-secret", 1516239022, 1);
  EXPECT_EQ(own.substr(0, 36), token.substr(0, 36));
}

TEST(Jwt, RefusesEverythingElse) {
  const std::string good = sign_token(jane, secret, 100, 10);
  const std::size_t last = good.rfind('.');
  EXPECT_FALSE(verify_token(good, secret, 110)) << "expired";
  EXPECT_FALSE(verify_token(good, "another secret", 100));
  EXPECT_FALSE(verify_token(good.substr(0, last + 1), secret, 100)) << "no signature";
  EXPECT_FALSE(verify_token(good.substr(0, last), secret, 100));
  EXPECT_FALSE(verify_token("", secret, 100));
  EXPECT_FALSE(verify_token("...", secret, 100));
  EXPECT_FALSE(verify_token(good + "=", secret, 100));
  std::string changed = good;
  changed[good.find('.') + 3] ^= 1;
  EXPECT_FALSE(verify_token(changed, secret, 100));
  EXPECT_FALSE(user_of_header(good, secret, 100)) << "no scheme";
  EXPECT_FALSE(user_of_header("Basic " + good, secret, 100));
  // {"alg":"none"} and no signature
  EXPECT_FALSE(
      verify_token("eyJhbGciOiJub25lIn0." + good.substr(good.find('.') + 1, last - good.find('.')),
                   secret, 100));
}

TEST_F(ServerTest, BadTokensAre403WithAnEmptyBody) {
  const std::string good = token(jane);
  const std::string unknown = sign_token("did:privy:nobody", secret, now_s_, 3600);
  const std::vector<httplib::Headers> cases = {
      {},
      {{"Authorization", "Bearer garbage"}},
      {{"Authorization", "Bearer "}},
      {{"Authorization", good}},
      {{"Access-Token", good}},
      {{"Authorization", "Bearer " + sign_token(jane, "wrong", now_s_, 3600)}},
      {{"Authorization", "Bearer " + sign_token(jane, secret, now_s_ - 3601, 3600)}},
      {{"Authorization", "Bearer eyJhbGciOiJub25lIn0" +
                             good.substr(good.find('.'), good.rfind('.') - good.find('.')) + "."}},
      {{"Authorization", "Bearer " + unknown}},
  };
  for (const httplib::Headers& headers : cases) {
    for (const std::string& path :
         {first_step("claim"), first_step("start"), first_step("complete")}) {
      const Answer answer =
          answer_of(client().Post(path, headers, whole_answer(), "application/json"));
      EXPECT_EQ(answer.status, 403);
      EXPECT_EQ(answer.body, "");
    }
    const Answer answer = answer_of(client().Get("/workflows/workflow_abc123", headers));
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.body, "");
  }
}

TEST_F(ServerTest, TheLiveProfileTakesTheAccessToken) {
  const auto ask = [&](const httplib::Headers& headers) {
    return answer_of(client().Get("/workflows/workflow_abc123", headers)).status;
  };
  start_live();
  EXPECT_EQ(ask({{"Access-Token", token(jane)}}), 200);
  EXPECT_EQ(ask({{"Access-Token", "Bearer " + token(jane)}}), 403);
  EXPECT_EQ(ask({{"Access-Token", sign_token(jane, "wrong", now_s_, 3600)}}), 403);
  EXPECT_EQ(ask(as(jane)), 200);
}

std::string path_of(const Endpoint& endpoint) {
  std::string path{endpoint.path};
  for (std::size_t at = 0; (at = path.find("{}", at)) != std::string::npos;)
    path.replace(at, 2, "x");
  return path;
}

// Whatever endpoints there are: nobody comes in without a token, without the role, without having
// accepted the policy.
TEST_F(ServerTest, EveryEndpointAsksWhoItIs) {
  start_live();
  const std::string ghost = "Bearer " + sign_token("did:privy:nobody", secret, now_s_, 3600);
  const auto ask = [&](const Endpoint& endpoint, const std::string& authorization) {
    httplib::Request request;
    request.method = endpoint.method;
    request.path = path_of(endpoint);
    if (!authorization.empty()) request.set_header("Authorization", authorization);
    return answer_of(client().send(request));
  };
  std::size_t seen = 0;
  for (const Family& family : families()) {
    for (const Endpoint& endpoint : family) {
      ++seen;
      for (const std::string& authorization : {std::string{}, std::string{"Bearer x"}, ghost}) {
        const Answer answer = ask(endpoint, authorization);
        EXPECT_EQ(answer.status, 403) << endpoint.method << ' ' << endpoint.path;
        EXPECT_EQ(answer.body, "");
        EXPECT_EQ(answer.header("X-SFLUV-Auth-Reason"), "");
      }
      if (endpoint.audience != Audience::improver) continue;
      for (const char* user : {voter, proposer, supervisor}) {
        const Answer answer = ask(endpoint, "Bearer " + token(user));
        EXPECT_EQ(answer.status, 403) << endpoint.method << ' ' << endpoint.path;
        EXPECT_EQ(answer.body, "");
      }
      EXPECT_NE(ask(endpoint, "Bearer " + token(admin)).body, "") << "admins pass each role";
    }
  }
  EXPECT_GE(seen, 15U);
  edit("UPDATE users SET policy_accepted = 0 WHERE id = 'did:privy:improver789'");
  for (const Family& family : families()) {
    for (const Endpoint& endpoint : family) {
      const Answer answer = ask(endpoint, "Bearer " + token(jane));
      EXPECT_EQ(answer.status, 403) << endpoint.method << ' ' << endpoint.path;
      EXPECT_EQ(answer.body, "");
      EXPECT_EQ(answer.header("X-SFLUV-Auth-Reason"), "privacy-policy-required");
    }
  }
}

TEST_F(ServerTest, ARoleLetsInAndNoMore) {
  const Answer by_admin = post(first_step("claim"), admin);
  EXPECT_EQ(by_admin.status, 403);
  EXPECT_TRUE(contains(by_admin.body, "missing_credentials")) << "admins pass the role, no more";
  for (const char* user : {voter, proposer, supervisor})
    EXPECT_EQ(get("/workflows/workflow_abc123", user).status, 200);
  edit("UPDATE users SET is_active = 0 WHERE id = 'did:privy:improver789'");
  EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 403);
  edit("DELETE FROM user_roles WHERE user_id = 'did:privy:voter001'");
  EXPECT_EQ(get("/workflows/workflow_abc123", voter).status, 200);
  EXPECT_EQ(get("/workflows/active", voter).status, 403) << "without any role";
  EXPECT_EQ(get("/workflows/active", proposer).status, 200);
}

TEST_F(ServerTest, Cors) {
  const httplib::Headers ask = {{"Origin", origin},
                                {"Access-Control-Request-Method", "POST"},
                                {"Access-Control-Request-Headers", "authorization,content-type"}};
  const Answer preflight = answer_of(client().Options(first_step("complete"), ask));
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.headers.find("Access-Control-Allow-Origin")->second, origin);
  EXPECT_EQ(preflight.headers.find("Access-Control-Allow-Headers")->second,
            "Authorization, Content-Type");
  EXPECT_EQ(preflight.header("Access-Control-Allow-Methods"), "GET, POST, PUT, DELETE");
  EXPECT_EQ(preflight.headers.find("Access-Control-Max-Age")->second, "600");
  EXPECT_EQ(preflight.headers.find("Vary")->second, "Origin");
  const Answer refused =
      answer_of(client().Get("/workflows/workflow_abc123", {{"Origin", origin}}));
  EXPECT_EQ(refused.status, 403);
  EXPECT_TRUE(refused.headers.contains("Access-Control-Allow-Origin"))
      << "or the page could not see the 403";
  const Answer foreign =
      answer_of(client().Options(first_step("complete"), {{"Origin", "http://evil.example"}}));
  EXPECT_FALSE(foreign.headers.contains("Access-Control-Allow-Origin"));
  EXPECT_EQ(foreign.headers.find("Vary")->second, "Origin");
  start_live();
  EXPECT_EQ(
      answer_of(client().Options("/workflows/active", ask)).header("Access-Control-Allow-Headers"),
      "Access-Token, Authorization, Content-Type");
}

}  // namespace
}  // namespace sfluv::server
