// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/issue.h"
#include "sfluv/limits.h"
#include "sfluv/workflow.h"

/// Is a submission complete and well-formed? Rulebook A1-A4: everything that a client can know
/// about POST .../steps/{step_id}/complete (checks 10 to 26) without asking the server.
namespace sfluv {

/// One inline photo, measured. The bytes themselves stay where they are.
struct PhotoUpload {
  std::string file_name;
  std::string content_type;
  std::string sniffed_type;      ///< told from the first bytes; "" when they are no known picture
  std::uint64_t size_bytes = 0;  ///< decoded
  std::optional<Issue> fault;    ///< what made the data unusable; path relative to the upload
};

/// Seed 001 "Request Body" of complete, as sent: nothing is trimmed yet.
struct ItemAnswer {
  std::string item_id;
  std::vector<PhotoUpload> photo_uploads;
  std::vector<std::string> photo_ids;
  std::string written_response;
  std::string dropdown_value;
};

struct CompletionRequest {
  bool step_not_possible = false;
  std::string step_not_possible_details;
  std::vector<ItemAnswer> items;
};

/// Reads the body of a complete request with the live decoder's leniencies (rulebook A1.2).
/// Error: `body_not_decodable` {reason, ...} at the place in the body.
[[nodiscard]] Outcome<CompletionRequest> read_completion_request(std::string_view body);

/// What a step asks.
struct StepDemand {
  std::span<const WorkItem> work_items;
  bool allow_step_not_possible = false;
};

/// Limits that an operator may set, inclusive. The live server has one for a photo (rulebook A4.5);
/// one for a whole request is a proxy's in front of it (rulebook A1.3).
struct UploadLimits {
  std::uint64_t photo_bytes_max = limits::upload_bytes_max;  ///< decoded
  std::optional<std::uint64_t> request_bytes_max;            ///< all photos, as base64
};

/// A photo as it would be stored: name cut, type settled (rulebook A4.6, A4.7).
struct StoredPhoto {
  std::string item_id;
  std::string file_name;
  std::string content_type;
  std::uint64_t size_bytes = 0;
  std::size_t item_index = 0;  ///< where in the request it came from
  std::size_t upload_index = 0;
};

/// A response as it would be stored: trimmed, optional items without input left out (rulebook A5.1).
struct StoredResponse {
  std::string item_id;
  std::vector<std::string> photo_ids;  ///< staged ones; inline photos get theirs from the server
  std::size_t uploads = 0;
  std::string written_response;
  std::string dropdown_value;
  std::size_t item_index = 0;  ///< where in the request it came from
};

/// All that is wrong, in the order in which the live server would find it, or what would be stored.
struct Verdict {
  std::vector<Issue> issues;
  bool step_not_possible = false;
  std::string step_not_possible_details;
  std::vector<StoredResponse> item_responses;  ///< in the order of the work items
  std::vector<StoredPhoto> photos;

  [[nodiscard]] bool accepted() const { return issues.empty(); }
};

[[nodiscard]] Verdict check_completion(const StepDemand& demand, const CompletionRequest& request,
                                       const UploadLimits& limits = {});

/// A photo as a file, uploaded ahead of its submission (rulebook A7).
struct PhotoFile {
  std::string item_id;
  std::string file_name;
  std::string content_type;
  std::span<const std::uint8_t> bytes;
};

/// What would be stored of it (rulebook A4.4 to A4.7).
/// Error: `photo_zero_bytes`, `photo_too_large`, `photo_not_image`.
[[nodiscard]] Outcome<StoredPhoto> check_photo_file(const PhotoFile& file,
                                                    const UploadLimits& limits = {});

/// The bytes of the inline photos that a verdict on this body would store, in the order of `photos`:
/// for a server, which measures first and decodes only what it keeps.
/// Error: `body_not_decodable`, `photo_bad_base64`: this is not the body that was judged.
[[nodiscard]] Outcome<std::vector<std::vector<std::uint8_t>>> completion_photo_bytes(
    std::string_view body, std::span<const StoredPhoto> photos);

/// The name under which the live server stores a photo: last path segment, no NUL, at most 180
/// bytes, here always cut between characters (rulebook A4.7).
[[nodiscard]] std::string stored_file_name(std::string_view file_name);

}  // namespace sfluv
