// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sfluv/issue.h"
#include "sfluv/profile.h"

/// What somebody may do about themselves: become an improver, name a rewards account, ask for
/// credentials (seed 000, rulebook C11 to C13). A person belongs to no series, so that this is a
/// small state machine of its own, of the same kind as the engine.
namespace sfluv::account {

/// Status: pending, approved, rejected. Times are Unix seconds.
struct Improver {
  std::string first_name;
  std::string last_name;
  std::string email;
  std::string primary_rewards_account;
  std::string status;
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;

  [[nodiscard]] bool is_approved() const { return status == "approved"; }
};

/// Status: pending, approved, rejected; the latter two come from an issuer.
struct CredentialRequest {
  std::string id;
  std::string credential_type;
  std::string status;
  std::int64_t requested_at = 0;
  std::optional<std::int64_t> resolved_at;
};

struct Person {
  std::string id;
  std::vector<std::string> verified_emails;
  std::vector<std::string> credentials;  ///< active ones
  std::optional<Improver> improver;
  std::vector<CredentialRequest> credential_requests;  ///< in the order in which they were made
};

enum class Visibility : std::uint8_t { open, unlisted, closed };

/// "public", "unlisted" or "private", as the live system says it.
[[nodiscard]] std::optional<Visibility> visibility_from(std::string_view name);
[[nodiscard]] std::string_view to_string(Visibility visibility);

struct CredentialType {
  std::string value;
  Visibility visibility{};
};

/// POST /improvers/request.
struct RequestImprover {
  std::string first_name;
  std::string last_name;
  std::string email;
};

/// An admin says yes; no endpoint is documented.
struct ApproveImprover {};

/// PUT /improvers/primary-rewards-account.
struct SetRewardsAccount {
  std::string primary_rewards_account;
};

/// POST /improvers/credential-requests.
struct RequestCredential {
  std::string credential_type;
  bool allow_unlisted = false;
};

using Action = std::variant<RequestImprover, ApproveImprover, SetRewardsAccount, RequestCredential>;

/// Bodies of the three requests. Error: `body_not_decodable`.
[[nodiscard]] Outcome<RequestImprover> read_improver_request(std::string_view body);
[[nodiscard]] Outcome<SetRewardsAccount> read_rewards_account_request(std::string_view body);
[[nodiscard]] Outcome<RequestCredential> read_credential_request_body(std::string_view body);

struct Facts {
  Profile profile;
  bool caller_is_admin = false;
  std::vector<CredentialType> credential_types;
  std::string new_ids;  ///< random text that names of new things are made of
};

/// The person afterwards, or all issues of a refusal in the order in which the live server looks.
[[nodiscard]] std::expected<Person, std::vector<Issue>> apply(const Person& person,
                                                              const Facts& facts,
                                                              const Action& action,
                                                              std::int64_t now_s);

/// GET /improvers/credential-requests: what is pending first, then the latest.
[[nodiscard]] std::vector<CredentialRequest> credential_requests_of(const Person& person);

}  // namespace sfluv::account
