// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <variant>
#include <vector>

#include "sfluv/completion.h"
#include "sfluv/issue.h"
#include "sfluv/workflow.h"

/// The state machine of a workflow: what an action does to it, or why it may not. The reference
/// server runs it as the authority; a client may run it on its cached copy to predict the verdict.
/// Pure: clock and ids come in, the changed workflow comes out.
namespace sfluv::engine {

/// Who acts. An improver's active credentials; an admin has all of them (seed 000 "Authentication").
struct Caller {
  std::string id;
  std::string name;
  std::vector<std::string> credentials;
  bool is_admin = false;
};

/// POST .../claim (seed 001, rulebook C3).
struct Claim {
  std::string step_id;
};

/// POST .../start (seed 001, rulebook C4).
struct Start {
  std::string step_id;
};

/// POST .../complete (seed 001, rulebook A2, A5, A6). Ids for what is new come from the caller:
/// one for the submission and one for each inline photo in the order of the request.
struct Complete {
  std::string step_id;
  CompletionRequest request;
  std::string submission_id;
  std::vector<std::string> photo_ids;
};

using Action = std::variant<Claim, Start, Complete>;

/// The workflow after the action, and the photos that are to be kept with it.
struct Applied {
  Workflow workflow;
  std::vector<SubmissionPhoto> photos;
  std::vector<StoredPhoto> photo_sources;  ///< parallel to `photos`: where each is in the request
};

/// All issues of a refusal, in the order in which the live server looks.
using Refusal = std::vector<Issue>;

/// `now_s`: Unix seconds.
[[nodiscard]] std::expected<Applied, Refusal> apply(const Workflow& workflow, const Caller& caller,
                                                    const Action& action, std::int64_t now_s,
                                                    const UploadLimits& limits = {});

/// May step 1 open (start time reached), may step n (step n-1 done)? Rulebook C2.
[[nodiscard]] bool may_unlock(const Workflow& workflow, const Step& step, std::int64_t now_s);

}  // namespace sfluv::engine
