// SPDX-License-Identifier: MIT
// Improvers, rewards accounts and credential requests over HTTP (seed 000, rulebook C11 to C13).
#include "server_fixture.h"

namespace sfluv::server {
namespace {

const std::string names =
    R"({"first_name":"Val","last_name":"Voter","email":"voter001@example.org"})";

std::string account(std::string_view address) {
  return R"({"primary_rewards_account":")" + std::string{address} + "\"}";
}

TEST_F(ServerTest, AnImproverIsOneWhenAnAdminSaysSo) {
  EXPECT_EQ(get("/improvers/workflows", voter).status, 403);
  const Answer asked = post("/improvers/request", voter, names);
  EXPECT_EQ(asked.status, 201);
  EXPECT_TRUE(contains(asked.body, R"("status":"pending","created_at":"2024-03-15T10:53:20Z")"))
      << asked.body;
  EXPECT_EQ(get("/improvers/workflows", voter).status, 403);
  const char* yes = R"({"user":"did:privy:admin001","deed":"approve_improver",)"
                    R"("person":"did:privy:voter001"})";
  EXPECT_EQ(test("deed", yes).status, 200);
  EXPECT_EQ(get("/improvers/workflows", voter).status, 200);
  EXPECT_EQ(post("/improvers/request", voter, names).status, 409);
  EXPECT_EQ(test("deed", yes).status, 409);
}

TEST_F(ServerTest, ARewardsAccountIsKeptWithItsChecksum) {
  const char* path = "/improvers/primary-rewards-account";
  const Answer kept = put(path, jane, account("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"));
  EXPECT_EQ(kept.status, 200);
  EXPECT_TRUE(contains(kept.body, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")) << kept.body;
  const Answer refused = put(path, jane, account("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(contains(refused.body, "address_checksum_wrong"));
}

TEST_F(ServerTest, ACredentialIsAskedForOnce) {
  const char* path = "/improvers/credential-requests";
  const char* wish = R"({"credential_type":"sfluv_verifier"})";
  EXPECT_EQ(get(path, jane).body, "[]");
  EXPECT_EQ(post(path, jane, wish).status, 201);
  EXPECT_EQ(post(path, jane, wish).status, 409);
  EXPECT_EQ(post(path, jane, R"({"credential_type":"dpw_certified"})").status, 409) << "has it";
  start();
  EXPECT_TRUE(contains(get(path, jane).body, R"("status":"pending")"));
  EXPECT_TRUE(contains(get(path, jane).body, R"("resolved_at":null)"));
  EXPECT_EQ(test("deed", R"({"user":"did:privy:admin001","deed":"resolve_credential_request",)"
                         R"("person":"did:privy:improver789","type":"sfluv_verifier",)"
                         R"("status":"rejected"})")
                .status,
            200);
  EXPECT_TRUE(contains(get(path, jane).body, R"("status":"rejected")"));
  EXPECT_EQ(post(path, jane, wish).status, 201) << "and may be asked for again";
}

}  // namespace
}  // namespace sfluv::server
