// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>

#include "sfluv/digest.h"
#include "sfluv/limits.h"
#include "sfluv/outbox.h"

#include "test_files.h"
#include "unit/outbox_fixture.h"

namespace sfluv::outbox::testing {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::string what_of(const Outcome<Record>& outcome) {
  if (outcome) return "";
  if (outcome.error().code != Code::record_damaged)
    return std::string{to_string(outcome.error().code)};
  return std::get<std::string>(outcome.error().params.at(0).value);
}

// The envelope around other bytes, as a writer of that version would make it.
Bytes enveloped(std::uint16_t version, Bytes payload, std::uint8_t reserved = 0) {
  Bytes bytes{'S',
              'F',
              'L',
              'R',
              static_cast<std::uint8_t>(version),
              static_cast<std::uint8_t>(version >> 8),
              reserved,
              0};
  const auto u32 = [&](std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  u32(static_cast<std::uint32_t>(payload.size()));
  u32(crc32c(payload, crc32c(bytes)));
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

Bytes payload_of(const Bytes& bytes) { return {bytes.begin() + 16, bytes.end()}; }

TEST(OutboxRecord, ComesBackEqual) {
  for (const Record& record : one_in_each_state()) {
    const Bytes bytes = encode(record);
    const auto back = decode(bytes);
    ASSERT_TRUE(back) << to_string(record.state);
    EXPECT_EQ(*back, record);
    EXPECT_EQ(encode(*back), bytes);
  }
}

// What any version wrote opens for ever, as the state that it was, and is written anew from then
// on.
TEST(OutboxRecord, RecordsOfEveryReleasedVersionOpen) {
  const std::filesystem::path root =
      std::filesystem::path{SFLUV_TEST_DATA} / "fixtures/outbox_records";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
    if (entry.path().extension() != ".record") continue;
    ++files;
    SCOPED_TRACE(entry.path().string());
    const std::string text = read_test_file("fixtures/outbox_records/" +
                                            std::filesystem::relative(entry.path(), root).string());
    const auto record = decode(Bytes{text.begin(), text.end()});
    ASSERT_TRUE(record);
    EXPECT_EQ(decode(encode(*record)).value(), *record);
    const std::string name = entry.path().stem().string();
    for (std::size_t s = 0; s <= static_cast<std::size_t>(State::staging); ++s) {
      if (to_string(static_cast<State>(s)) == name) {
        EXPECT_EQ(to_string(record->state), name);
      }
    }
    EXPECT_EQ(record->content.workflow_id, "w/1");
    std::uint64_t goes_up = size_of(body_plan(record->content), record->content);
    for (const Photo& photo : record->content.photos) {
      EXPECT_EQ(photo.source, PhotoSource::unknown) << "version 4 was the first to know";
      if (record->content.stages_photos) goes_up += photo.size_bytes;
    }
    EXPECT_EQ(goes_up, record->content.body_bytes);
  }
  EXPECT_GE(files, 36u);
}

TEST(OutboxRecord, EveryTruncationIsRefused) {
  const Bytes bytes = encode(one_in_each_state().back());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_NE(what_of(decode(std::span{bytes}.first(n))), "") << n;
  }
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_EQ(what_of(decode(longer)), "size");
}

TEST(OutboxRecord, EveryFlippedBitIsRefused) {
  Bytes bytes = encode(one_in_each_state().back());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      bytes[at] ^= static_cast<std::uint8_t>(1u << bit);
      EXPECT_FALSE(decode(bytes)) << at << ' ' << bit;
      bytes[at] ^= static_cast<std::uint8_t>(1u << bit);
    }
  }
  EXPECT_TRUE(decode(bytes));
}

// A right checksum over wrong bytes: a bug of ours or somebody's hand. Never undefined behaviour.
TEST(OutboxRecord, EveryChangedByteWithARightChecksumIsRefusedOrReadable) {
  const Bytes payload = payload_of(encode(one_in_each_state().back()));
  for (std::size_t at = 0; at < payload.size(); ++at) {
    for (const std::uint8_t value : Bytes{0x00, 0x01, 0x7F, 0xFF}) {
      Bytes changed = payload;
      changed[at] = value;
      const Bytes bytes = enveloped(4, changed);
      const auto record = decode(bytes);
      if (record) {
        EXPECT_EQ(encode(*record), bytes) << at;
        EXPECT_FALSE(view(*record).empty());
        (void)advance({}, *record, Interrupted{}, {.now_ms = t0});
      } else {
        EXPECT_EQ(what_of(record), "field") << at;
      }
    }
  }
}

TEST(OutboxRecord, ANewerVersionIsRefusedByName) {
  const auto refused = decode(enveloped(5, {1, 2, 3}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(),
            (Issue{.code = Code::record_from_newer_version,
                   .path = "",
                   .params = {{"version", std::int64_t{5}}, {"version_max", std::int64_t{4}}}}));
  Bytes damaged = enveloped(5, {1, 2, 3});
  damaged.back() ^= 1;
  EXPECT_EQ(what_of(decode(damaged)), "checksum");
  EXPECT_EQ(what_of(decode(enveloped(0, {}))), "version");
  EXPECT_EQ(what_of(decode(enveloped(2, {}, 1))), "version");
  Bytes longer = payload_of(encode(sealed()));
  longer.push_back(0);
  EXPECT_EQ(what_of(decode(enveloped(4, longer))), "field");
}

TEST(OutboxRecord, ALongerDiaryThanAnybodyWritesIsRefused) {
  Record record = sealed();
  record.entries.resize(entries_max);
  EXPECT_TRUE(decode(encode(record)));
  record.entries.resize(entries_max + 1);
  EXPECT_EQ(what_of(decode(encode(record))), "field");
}

// Version 1 called a record queued that waited for something.
TEST(OutboxRecord, ARecordOfVersionOneThatWaitedIsWaiting) {
  const std::string text = read_test_file("fixtures/outbox_records/v1/queued.record");
  Bytes payload = payload_of(Bytes{text.begin(), text.end()});
  const std::uint64_t body_bytes = decode(enveloped(1, payload)).value().content.body_bytes;
  Bytes before_state;  // the length of the body ends the content
  for (unsigned i = 0; i < 8; ++i)
    before_state.push_back(static_cast<std::uint8_t>(body_bytes >> (8 * i)));
  const auto found = std::ranges::search(payload, before_state);
  ASSERT_FALSE(found.empty());
  ASSERT_EQ(found.end()[0], static_cast<std::uint8_t>(State::queued));
  found.end()[1] = static_cast<std::uint8_t>(Why::locked);
  const auto record = decode(enveloped(1, payload));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->state, State::waiting);
  EXPECT_EQ(record->why, Why::locked);
}

TEST(OutboxRecord, WhatIsNoRecordIsRefused) {
  EXPECT_EQ(what_of(decode({})), "size");
  EXPECT_EQ(what_of(decode(Bytes(16, 0))), "magic");
  EXPECT_EQ(what_of(decode(Bytes(limits::record_bytes_max + 1, 0))), "size");
}

// Lists longer than the bytes that are there must not be allocated.
TEST(OutboxRecord, AHugeCountIsRefused) {
  Record record = sealed();
  record.content.answers.clear();
  record.content.photos.clear();
  Bytes payload = payload_of(encode(record));
  bool found = false;
  for (std::size_t at = 16; at + 8 < payload.size(); ++at) {
    Bytes changed = payload;
    std::fill_n(changed.begin() + static_cast<std::ptrdiff_t>(at), 4, std::uint8_t{0xFF});
    found |= !decode(enveloped(4, changed));
  }
  EXPECT_TRUE(found);
}

const Queue mine{.account = "did:me"};

Bytes packed(const std::vector<Record>& records) {
  Bytes bytes;
  for (const Record& record : records) {
    const Bytes summary = summarise(record);
    EXPECT_EQ(summary.size(), limits::summary_bytes);
    bytes.insert(bytes.end(), summary.begin(), summary.end());
  }
  return bytes;
}

// Of different steps, so that none stands behind another.
Record due_at(std::int64_t order, std::int64_t due_ms, std::int64_t wait_ms) {
  Record record = sealed();
  record.content.step_id = "s" + std::to_string(order);
  record.order = order;
  record.due_ms = due_ms;
  record.wait_ms = wait_ms;
  return record;
}

TEST(OutboxNext, TheOldestOfThoseThatAreDue) {
  const auto next_of = [](const std::vector<Record>& records) {
    return next(mine, packed(records), t0).value();
  };
  EXPECT_EQ(next_of({due_at(30, t0, 0), due_at(10, t0 - 5, 0), due_at(20, t0, 0)}).index, 1u);
  const Next later = next_of({due_at(1, t0 + 900, 900), due_at(2, t0 + 300, 300), due_at(3, 0, 0)});
  EXPECT_FALSE(later.index);
  EXPECT_EQ(later.wake_at_ms, t0 + 300);
  const Next nothing = next_of({});
  EXPECT_FALSE(nothing.index || nothing.wake_at_ms);
}

TEST(OutboxNext, ADueTimeOfAnotherClockIsDue) {
  EXPECT_EQ(next(mine, packed({due_at(1, t0 + 1'000'000, 300)}), t0)->index, 0u);
}

// Only photos that are to be removed are a settled record's business.
TEST(OutboxNext, WhatIsUnderWayOrSettledIsLeftAlone) {
  for (Record record : one_in_each_state()) {
    const bool waits = record.state == State::queued || record.state == State::unknown ||
                       record.state == State::waiting || record.state == State::pruned;
    const Next found = next(mine, packed({record}), t0 + 1'000'000).value();
    EXPECT_EQ(found.index.has_value(), waits) << to_string(record.state);
    if (record.state == State::sending) {
      record.due_ms = t0;  // even if somebody wrote one
      EXPECT_FALSE(next(mine, packed({record}), t0 + 1'000'000)->index);
    }
  }
}

TEST(OutboxNext, DamagedSummariesAreNamedAndHoldUpNobody) {
  Bytes summaries = packed({due_at(1, t0, 0), due_at(2, t0, 0)});
  for (std::size_t at = 0; at < limits::summary_bytes; ++at) {
    summaries[at] ^= 0x10;
    const Next found = next(mine, summaries, t0).value();
    EXPECT_EQ(found.damaged, std::vector<std::size_t>{0}) << at;
    EXPECT_EQ(found.index, 1u);
    summaries[at] ^= 0x10;
  }
  summaries.pop_back();
  EXPECT_FALSE(next(mine, summaries, t0));
}

}  // namespace
}  // namespace sfluv::outbox::testing
