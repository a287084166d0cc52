// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

/// Every bound of the system, with its unit in its name. What has no bound at the live server
/// (texts, numbers of items and photos: rulebook A1.3) is bounded here by the size of the whole.
namespace sfluv::limits {

// JSON texts. The documents nest 7 levels; six photos of the largest size make 34 MB of base64.
inline constexpr std::uint64_t json_bytes_max = 40ull << 20;
inline constexpr std::uint32_t json_depth_max = 32;
inline constexpr std::uint32_t json_values_max = 200'000;

// A photo as the server takes it (rulebook A4.5, A4.7): decoded bytes, inclusive.
inline constexpr std::uint32_t upload_bytes_max = 4u << 20;
inline constexpr std::uint32_t file_name_bytes_max = 180;

// A photo file as it comes from a camera, before it is made small.
inline constexpr std::uint64_t photo_file_bytes_max = 64ull << 20;
inline constexpr std::uint32_t photo_side_px_max = 16'384;
inline constexpr std::uint32_t photo_pixels_max = 205'000'000;  // 200 MP sensors: 16320 x 12240
inline constexpr std::uint32_t photo_pixels_max_whole =
    24'500'000;  // what is held whole: 5712 x 4284
inline constexpr std::uint32_t photo_scans_max = 64;

// What a photo may ask to become.
inline constexpr std::uint32_t photo_edge_px_default = 1600;
inline constexpr std::uint32_t photo_budget_bytes_default = 600'000;
inline constexpr std::uint32_t photo_budget_bytes_min = 4'096;
// All photos of one request: half a minute at 0.8 Mbit/s, as base64.
inline constexpr std::uint32_t request_photo_bytes_default = 2'400'000;

// A series: occurrences that one look may make up for, almost three years of a daily one.
inline constexpr std::uint32_t catch_up_occurrences_max = 1024;

// Lists as the live server cuts them (rulebook C10).
inline constexpr std::uint32_t discovered_max = 500;
inline constexpr std::uint32_t unpaid_max = 300;
inline constexpr std::uint32_t credential_requests_max = 300;
inline constexpr std::uint32_t pending_max = 200;
inline constexpr std::uint32_t absences_max = 200;
inline constexpr std::uint32_t active_max = 500;

// Proposals and votes (rulebook B.12, C8).
inline constexpr std::uint32_t email_subject_characters_max = 160;
inline constexpr std::uint32_t deletion_reason_bytes_max = 2000;

// The outbox.
inline constexpr std::uint32_t summary_bytes = 64;
inline constexpr std::uint32_t record_bytes_max = 4u << 20;
inline constexpr std::int64_t retention_ms_max = 3'888'000'000;  // 45 days: fits a summary

}  // namespace sfluv::limits
