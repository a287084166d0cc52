// SPDX-License-Identifier: MIT
#include "sfluv/account.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "sfluv/address.h"
#include "sfluv/limits.h"
#include "sfluv/series.h"

#include "request_reader.h"
#include "text.h"

namespace sfluv::account {
namespace {

// "Name <me@x.org>": what stands in the brackets; the text itself where there are none.
std::string_view address_in(std::string_view text) {
  const std::size_t open = text.rfind('<');
  if (open == std::string_view::npos || !text.ends_with('>')) return text;
  return text.substr(open + 1, text.size() - open - 2);
}

constexpr std::array<std::string_view, 3> visibilities{"public", "unlisted", "private"};

bool is_pending(const CredentialRequest& request) { return request.status == "pending"; }

// One action under way: what it changes, and what speaks against it.
struct Work {
  Person person;
  const Facts& facts;
  std::int64_t now_s;
  std::vector<Issue> issues;

  void operator()(const RequestImprover& action);
  void operator()(const ApproveImprover& action);
  void operator()(const SetRewardsAccount& action);
  void operator()(const RequestCredential& action);

  Issue& refuse(Code code, const char* path = "") { return issues.emplace_back(code, path); }
  void require_email(const std::string& email);
};

// Rulebook C12. Verified addresses are compared without case.
void Work::require_email(const std::string& email) {
  const std::string_view address =
      facts.profile.takes_display_names ? address_in(email) : std::string_view{email};
  const auto is_this = [&](const std::string& verified) {
    return text::to_ascii_lower(verified) == address;
  };
  if (!text::is_email_address(address)) {
    refuse(Code::email_invalid, "/email").with("value", email);
  } else if (std::ranges::none_of(person.verified_emails, is_this)) {
    refuse(Code::email_not_verified, "/email").with("value", email);
  }
}

void Work::operator()(const RequestImprover& action) {
  Improver improver = person.improver.value_or(Improver{.created_at = now_s});
  const auto take = [&](std::string& field, std::string_view value, const char* path) {
    field = text::trim(value);
    if (field.empty()) refuse(Code::fields_missing, path);
  };
  take(improver.first_name, action.first_name, "/first_name");
  take(improver.last_name, action.last_name, "/last_name");
  take(improver.email, text::to_ascii_lower(action.email), "/email");
  if (!improver.email.empty()) require_email(improver.email);
  const bool at_once = facts.profile.approves_improvers_at_once;
  if (improver.is_approved() && !at_once) refuse(Code::improver_already_approved);
  improver.status = at_once ? "approved" : "pending";
  improver.updated_at = now_s;
  person.improver = std::move(improver);
}

void Work::operator()(const ApproveImprover&) {
  if (!facts.caller_is_admin) refuse(Code::forbidden);
  if (!person.improver) {
    refuse(Code::not_found).with("what", "improver");
    return;
  }
  if (person.improver->is_approved()) refuse(Code::improver_already_approved);
  person.improver->status = "approved";
  person.improver->updated_at = now_s;
}

// Rulebook C11.
void Work::operator()(const SetRewardsAccount& action) {
  const auto address = normalized_address(action.primary_rewards_account, facts.profile);
  if (!address) {
    issues.push_back(address.error());
    issues.back().path = "/primary_rewards_account";
  }
  if (!person.improver) {
    refuse(Code::not_found).with("what", "improver");
    return;
  }
  if (!person.improver->is_approved()) refuse(Code::improver_not_approved);
  person.improver->primary_rewards_account = address.value_or("");
  person.improver->updated_at = now_s;
}

// Rulebook C13.
void Work::operator()(const RequestCredential& action) {
  const std::string wanted{text::trim(action.credential_type)};
  const auto refuse_it = [&](Code code) {
    refuse(code, "/credential_type").with("credential", wanted);
  };
  if (wanted.empty()) {
    refuse(Code::credential_type_blank, "/credential_type");
    return;
  }
  const auto type = std::ranges::find(facts.credential_types, wanted, &CredentialType::value);
  if (type == facts.credential_types.end()) return refuse_it(Code::credential_type_unknown);
  if (type->visibility == Visibility::closed ||
      (type->visibility == Visibility::unlisted && !action.allow_unlisted)) {
    refuse_it(Code::credential_not_requestable);
  }
  if (std::ranges::find(person.credentials, wanted) != person.credentials.end()) {
    refuse_it(Code::credential_already_active);
  }
  const auto is_asked_for = [&](const CredentialRequest& request) {
    return request.credential_type == wanted && is_pending(request);
  };
  if (std::ranges::any_of(person.credential_requests, is_asked_for)) {
    refuse_it(Code::credential_request_pending);
  }
  IdSource ids{.entropy = facts.new_ids};
  person.credential_requests.push_back({.id = ids.next("credential_request"),
                                        .credential_type = wanted,
                                        .status = "pending",
                                        .requested_at = now_s,
                                        .resolved_at = std::nullopt});
}

}  // namespace

std::optional<Visibility> visibility_from(std::string_view name) {
  const auto found = std::ranges::find(visibilities, name);
  if (found == visibilities.end()) return std::nullopt;
  return static_cast<Visibility>(found - visibilities.begin());
}

std::string_view to_string(Visibility visibility) {
  return visibilities[static_cast<std::size_t>(visibility)];
}

Outcome<RequestImprover> read_improver_request(std::string_view body) {
  return read_request<RequestImprover>(body, [](json::Fields& fields, const json::Value& root) {
    return RequestImprover{.first_name = fields.string(root, "", "first_name"),
                           .last_name = fields.string(root, "", "last_name"),
                           .email = fields.string(root, "", "email")};
  });
}

Outcome<SetRewardsAccount> read_rewards_account_request(std::string_view body) {
  return read_request<SetRewardsAccount>(body, [](json::Fields& fields, const json::Value& root) {
    return SetRewardsAccount{fields.string(root, "", "primary_rewards_account")};
  });
}

Outcome<RequestCredential> read_credential_request_body(std::string_view body) {
  return read_request<RequestCredential>(body, [](json::Fields& fields, const json::Value& root) {
    return RequestCredential{.credential_type = fields.string(root, "", "credential_type"),
                             .allow_unlisted = fields.boolean(root, "", "allow_unlisted")};
  });
}

std::expected<Person, std::vector<Issue>> apply(const Person& person, const Facts& facts,
                                                const Action& action, std::int64_t now_s) {
  Work work{.person = person, .facts = facts, .now_s = now_s, .issues = {}};
  std::visit(work, action);
  if (!work.issues.empty()) return std::unexpected(std::move(work.issues));
  return std::move(work.person);
}

std::vector<CredentialRequest> credential_requests_of(const Person& person) {
  std::vector<CredentialRequest> listed;
  for (const bool pending : {true, false}) {
    for (const CredentialRequest& request : std::views::reverse(person.credential_requests)) {
      if (listed.size() == limits::credential_requests_max) return listed;
      if (is_pending(request) == pending) listed.push_back(request);
    }
  }
  return listed;
}

}  // namespace sfluv::account
