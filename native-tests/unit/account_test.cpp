// SPDX-License-Identifier: MIT
#include "sfluv/account.h"

#include <gtest/gtest.h>

#include "sfluv/address.h"
#include "sfluv/http_status.h"

namespace sfluv::account {
namespace {

constexpr std::int64_t now_s = 1'710'500'000;

Person newcomer() { return {.id = "new", .verified_emails = {"New@x.org"}}; }

Person improver() {
  Person person = newcomer();
  person.improver = Improver{.status = "approved"};
  person.credentials = {"c1"};
  return person;
}

Facts facts(Profile profile = {}) {
  return {.profile = profile,
          .credential_types = {{"c1", Visibility::open},
                               {"c2", Visibility::open},
                               {"hid", Visibility::unlisted},
                               {"priv", Visibility::closed}},
          .new_ids = "x"};
}

std::string refusal(const Person& person, const Action& action, const Facts& by = facts()) {
  const auto applied = apply(person, by, action, now_s);
  std::string text;
  if (applied) return text;
  for (const Issue& issue : applied.error())
    text += (text.empty() ? "" : " ") + std::string{to_string(issue.code)} + issue.path;
  return text;
}

RequestImprover request(std::string email = " NEW@x.org ") {
  return {.first_name = " Ann ", .last_name = "Lee", .email = std::move(email)};
}

TEST(ImproverRequest, IsPendingUntilAnAdminSaysYesAndThenAConflict) {
  auto person = apply(newcomer(), facts(), request(), now_s);
  ASSERT_TRUE(person);
  EXPECT_EQ(person->improver->status, "pending");
  EXPECT_EQ(person->improver->first_name, "Ann");
  EXPECT_EQ(person->improver->email, "new@x.org");
  EXPECT_EQ(refusal(*person, request()), "");  // may be corrected
  EXPECT_EQ(refusal(*person, ApproveImprover{}), "forbidden");
  Facts by_admin = facts();
  by_admin.caller_is_admin = true;
  EXPECT_EQ(refusal(newcomer(), ApproveImprover{}, by_admin), "not_found");
  person = apply(*person, by_admin, ApproveImprover{}, now_s);
  EXPECT_TRUE(person->improver->is_approved());
  EXPECT_EQ(refusal(*person, request()), "improver_already_approved");
  EXPECT_EQ(http_status(Operation::account, Code::improver_already_approved, {}), 409);
}

TEST(ImproverRequest, LiveItIsApprovedAtOnceAndAgain) {
  const auto person = apply(newcomer(), facts(live_profile()), request(), now_s);
  EXPECT_TRUE(person->improver->is_approved());
  EXPECT_EQ(refusal(*person, request(), facts(live_profile())), "");
}

TEST(ImproverRequest, EveryFieldAndAVerifiedAddress) {
  EXPECT_EQ(refusal(newcomer(), RequestImprover{}),
            "fields_missing/first_name fields_missing/last_name fields_missing/email");
  EXPECT_EQ(refusal(newcomer(), request("bad")), "email_invalid/email");
  EXPECT_EQ(refusal(newcomer(), request("other@x.org")), "email_not_verified/email");
  EXPECT_EQ(refusal(newcomer(), request("N <new@x.org>")), "email_invalid/email");
  const auto live = apply(newcomer(), facts(live_profile()), request("N <new@x.org>"), now_s);
  EXPECT_EQ(live->improver->email, "n <new@x.org>");  // rulebook C12
  EXPECT_EQ(refusal(newcomer(), request("N <other@x.org>"), facts(live_profile())),
            "email_not_verified/email");
}

TEST(RewardsAccount, IsWrittenWithItsChecksum) {
  const auto person = apply(improver(), facts(),
                            SetRewardsAccount{"0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359"}, now_s);
  EXPECT_EQ(person->improver->primary_rewards_account,
            "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");
  EXPECT_EQ(refusal(newcomer(), SetRewardsAccount{"0x"}),
            "address_invalid/primary_rewards_account not_found");
  Person pending = improver();
  pending.improver->status = "pending";
  EXPECT_EQ(refusal(pending, SetRewardsAccount{"0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359"}),
            "improver_not_approved");
  EXPECT_EQ(http_status(Operation::account, Code::improver_not_approved, {}), 400);
  EXPECT_EQ(http_status(Operation::account, Code::not_found, {}), 404);
}

std::string address(std::string_view text, const Profile& profile = {}) {
  const auto normalized = normalized_address(text, profile);
  return normalized ? *normalized : std::string{to_string(normalized.error().code)};
}

TEST(Address, ExamplesOfEip55) {
  for (const char* text :
       {"0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"}) {
    EXPECT_EQ(address(text), text);
    std::string lower{text};
    for (char& c : lower) c = static_cast<char>(std::tolower(c));
    EXPECT_EQ(address(lower), text);
  }
}

TEST(Address, AWrongCharacterIsToldByTheChecksum) {
  const std::string right = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
  EXPECT_EQ(address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"), "address_checksum_wrong");
  EXPECT_EQ(address("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"), right);  // capitals tell nothing
  EXPECT_EQ(address("0X5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"), "address_invalid");
  EXPECT_EQ(address("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"), "address_invalid");
  for (const char* text :
       {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "0X5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED",
        "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"})
    EXPECT_EQ(address(text, live_profile()), right) << text;
  for (const char* text :
       {"0x", "0x123", "vitalik.eth", "0xg2908400098527886E0F7030069857D2E4169EE7",
        "0x52908400098527886E0F7030069857D2E4169EE7a"})
    EXPECT_EQ(address(text, live_profile()), "address_invalid") << text;
  EXPECT_EQ(address(" \t"), "address_blank");
}

TEST(CredentialRequest, InTheLiveServersOrder) {
  Person person = improver();
  EXPECT_EQ(refusal(person, RequestCredential{" "}), "credential_type_blank/credential_type");
  EXPECT_EQ(refusal(person, RequestCredential{"C1"}), "credential_type_unknown/credential_type");
  EXPECT_EQ(refusal(person, RequestCredential{"priv", true}),
            "credential_not_requestable/credential_type");
  EXPECT_EQ(refusal(person, RequestCredential{"hid"}),
            "credential_not_requestable/credential_type");
  EXPECT_EQ(refusal(person, RequestCredential{"hid", true}), "");
  EXPECT_EQ(refusal(person, RequestCredential{" c1 "}),
            "credential_already_active/credential_type");
  person = *apply(person, facts(), RequestCredential{"c2"}, now_s);
  EXPECT_EQ(refusal(person, RequestCredential{"c2"}), "credential_request_pending/credential_type");
  person.credential_requests[0].status = "rejected";
  EXPECT_EQ(refusal(person, RequestCredential{"c2"}), "");
  EXPECT_EQ(http_status(Operation::account, Code::credential_type_unknown, {}), 404);
  EXPECT_EQ(http_status(Operation::account, Code::credential_type_unknown, live_profile()), 400);
  EXPECT_EQ(http_status(Operation::account, Code::credential_not_requestable, {}), 403);
  EXPECT_EQ(http_status(Operation::account, Code::credential_already_active, {}), 409);
}

TEST(CredentialRequest, WhatIsPendingStandsFirstThenTheLatest) {
  Person person;
  for (const auto& [type, status, at] :
       {std::tuple{"a", "rejected", 3}, std::tuple{"b", "pending", 1},
        std::tuple{"c", "pending", 2}, std::tuple{"d", "pending", 2}})
    person.credential_requests.push_back(
        {.credential_type = type, .status = status, .requested_at = at, .resolved_at = {}});
  std::string order;
  for (const CredentialRequest& one : credential_requests_of(person)) order += one.credential_type;
  EXPECT_EQ(order, "dcba");
}

TEST(Bodies, AreReadAsTheLiveServerDoes) {
  EXPECT_EQ(read_improver_request(R"({"FIRST_NAME":"a","last_name":null})")->first_name, "a");
  EXPECT_EQ(read_rewards_account_request("null")->primary_rewards_account, "");
  EXPECT_TRUE(read_credential_request_body(R"({"allow_unlisted":true})")->allow_unlisted);
  for (const char* body :
       {"{", "", "[]", R"({"email":1,"primary_rewards_account":1,"credential_type":1})"}) {
    EXPECT_EQ(read_improver_request(body).error().code, Code::body_not_decodable) << body;
    EXPECT_EQ(read_rewards_account_request(body).error().code, Code::body_not_decodable) << body;
    EXPECT_EQ(read_credential_request_body(body).error().code, Code::body_not_decodable) << body;
  }
}

}  // namespace
}  // namespace sfluv::account
