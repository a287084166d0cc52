// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/completion.h"
#include "sfluv/issue.h"
#include "sfluv/profile.h"
#include "sfluv/series.h"

/// May an improver do this? Predicates over what is known of a series (rulebook C3 to C6, C9): they
/// change nothing and list everything that is wrong, in the order in which the live server looks.
namespace sfluv {

/// Who asks, as far as access goes (seed 000 "Authentication", rulebook A8.4).
struct Account {
  bool is_active = true;
  bool policy_accepted = true;
  bool is_improver = false;
  bool is_proposer = false;
  bool is_voter = false;
  bool is_supervisor = false;
  bool is_admin = false;
};

/// Whom an endpoint is for; admins pass each of them.
enum class Audience : std::uint8_t { anybody, improver, proposer, voter, participant };

/// `forbidden` or `policy_not_accepted`. `account` is null for somebody unknown.
[[nodiscard]] std::optional<Issue> check_access(const Account* account, Audience audience);

/// What may be missing on a device that has read only a part.
enum class Fact : std::uint8_t { occurrences, steps, credentials, absences };

[[nodiscard]] std::string_view to_string(Fact fact);

/// Who acts. A device that never read its user's credentials leaves them out.
struct Caller {
  std::string id;
  std::string name;
  std::optional<std::vector<std::string>> credentials = std::vector<std::string>{};
  bool is_admin = false;
};

/// What a check found. Nothing wrong and nothing missing: it will work.
struct Review {
  std::vector<Issue> issues;
  std::vector<Fact> missing;
};

struct StepRef {
  std::string workflow_id;
  std::string step_id;
};

/// What the checks look at besides the series.
struct Circumstances {
  Profile profile;
  UploadLimits limits;
  std::int64_t now_s = 0;
  /// The step's id belongs to a workflow of another series: only the one who has all of them knows.
  bool step_is_elsewhere = false;
  /// What the caller has uploaded ahead for this step; null where that is not known.
  const std::vector<SubmissionPhoto>* staged_photos = nullptr;
};

/// Rulebook C3.
[[nodiscard]] Review review_claim(const Series& series, const Caller& caller, const StepRef& ref,
                                  const Circumstances& circumstances);

/// Rulebook C4.
[[nodiscard]] Review review_start(const Series& series, const Caller& caller, const StepRef& ref,
                                  const Circumstances& circumstances);

/// Rulebook A2. The check of staged photo ids (27) needs `staged_photos`, which only a server
/// knows.
[[nodiscard]] Review review_complete(const Series& series, const Caller& caller, const StepRef& ref,
                                     const CompletionRequest& request,
                                     const Circumstances& circumstances);

/// Rulebook A7: may a photo of this item be uploaded ahead of the submission?
[[nodiscard]] Review review_photo_upload(const Series& series, const Caller& caller,
                                         const StepRef& ref, std::string_view item_id,
                                         const Circumstances& circumstances);

/// Rulebook C9: is there a failed payout of mine?
[[nodiscard]] Review review_payout_request(const Series& series, const Caller& caller,
                                           const StepRef& ref);

/// Is there a failed payout of mine as the supervisor?
[[nodiscard]] Review review_supervisor_payout_request(const Series& series, const Caller& caller,
                                                      std::string_view workflow_id);

/// Body of POST .../workflow-series/unclaim (seed 001).
struct UnclaimRequest {
  std::string series_id;
  std::int64_t step_order = 0;
};

/// Bodies of POST and PUT .../absence-periods (seed 000); PUT reads the dates only.
struct AbsenceRequest {
  std::string series_id;
  std::int64_t step_order = 0;
  std::string absent_from;
  std::string absent_until;
};

/// Error: `body_not_decodable`.
[[nodiscard]] Outcome<UnclaimRequest> read_unclaim_request(std::string_view body);
[[nodiscard]] Outcome<AbsenceRequest> read_absence_request(std::string_view body);

/// Rulebook C6. The series is the one that the request names; an empty one when there is none.
[[nodiscard]] Review review_unclaim(const Series& series, const Caller& caller,
                                    const UnclaimRequest& request);

/// Rulebook C5. The series as in `review_unclaim`.
[[nodiscard]] Review review_absence(const Series& series, const Caller& caller,
                                    const AbsenceRequest& request,
                                    const Circumstances& circumstances);
[[nodiscard]] Review review_absence_update(const Series& series, const Caller& caller,
                                           std::string_view absence_id,
                                           const AbsenceRequest& request,
                                           const Circumstances& circumstances);
[[nodiscard]] Review review_absence_deletion(const Series& series, const Caller& caller,
                                             std::string_view absence_id);

/// May this person read the submission of this step (rulebook C14)?
[[nodiscard]] bool may_see_submission(const Caller& caller, const Workflow& workflow,
                                      const Step& step, const Profile& profile);

/// Does the caller hold everything that the role asks for? Nothing when their credentials are not
/// known here. The first one that is lacking goes to `lacking`.
[[nodiscard]] std::optional<bool> holds_credentials(const Caller& caller, const Role& role,
                                                    std::string* lacking = nullptr);

}  // namespace sfluv
