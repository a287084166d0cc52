// SPDX-License-Identifier: MIT
// What holds for all records: whose turn it is, what pauses them, and which page drives.
#include "sfluv/outbox_queue.h"

#include <array>
#include <gtest/gtest.h>

#include "sfluv/digest.h"
#include "sfluv/limits.h"

#include "unit/outbox_fixture.h"

namespace sfluv::outbox::testing {
namespace {

constexpr std::int64_t second = 1'000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

std::vector<std::uint8_t> packed(const std::vector<Record>& records) {
  std::vector<std::uint8_t> bytes;
  for (const Record& record : records) {
    const auto summary = summarise(record);
    bytes.insert(bytes.end(), summary.begin(), summary.end());
  }
  return bytes;
}

Next turn(const std::vector<Record>& records, const Queue& queue = {.account = "did:me"},
          std::int64_t now_ms = t0) {
  return next(queue, packed(records), now_ms).value();
}

Record of_step(const std::string& step_id, Kind kind, std::int64_t order,
               State state = State::queued) {
  Record record = sealed(kind, order);
  record.content.id = {static_cast<std::uint8_t>(order)};
  record.content.step_id = step_id;
  record.content.series_id = "series";
  record.state = state;
  if (is_settled(state)) record.due_ms = 0;
  return record;
}

using Indices = std::vector<std::size_t>;

TEST(OutboxChains, OneStepGoesInOrderAndOthersGoOn) {
  const auto chain = [](State claim, State start) {
    return turn({of_step("s1", Kind::complete, 3), of_step("s1", Kind::claim, 1, claim),
                 of_step("s1", Kind::start, 2, start), of_step("s2", Kind::complete, 4)});
  };
  EXPECT_EQ(chain(State::queued, State::queued).index, 1u);
  EXPECT_EQ(chain(State::queued, State::queued).behind, (Indices{0, 2}));
  // While the first one is under way another chain goes on.
  EXPECT_EQ(chain(State::sending, State::queued).index, 3u);
  EXPECT_EQ(chain(State::delivered, State::queued).index, 2u);
  EXPECT_EQ(chain(State::delivered, State::delivered).index, 0u);
  EXPECT_EQ(chain(State::pruned, State::delivered).index, 0u);
  // A wish that nobody granted holds up the work on it; a start that failed is not needed.
  EXPECT_EQ(chain(State::needs_user, State::queued).behind, (Indices{0, 2}));
  EXPECT_EQ(chain(State::delivered, State::needs_user).index, 0u);
}

TEST(OutboxChains, WhatConcernsASeriesWaitsForItsStepsAndHoldsThemUp) {
  const auto with = [](State first, State release) {
    return turn({of_step("s1", Kind::complete, 1, first), of_step("s9", Kind::unclaim, 2, release),
                 of_step("s2", Kind::complete, 3), of_step("s3", Kind::complete, 4)});
  };
  EXPECT_EQ(with(State::queued, State::queued).index, 0u);
  EXPECT_EQ(with(State::queued, State::queued).behind, (Indices{1, 2, 3}));
  EXPECT_EQ(with(State::needs_fix, State::queued).index, std::nullopt);
  EXPECT_EQ(with(State::delivered, State::queued).index, 1u);
  EXPECT_EQ(with(State::delivered, State::delivered).index, 2u);
  // Another series, and a workflow without one, are not concerned.
  Record other = of_step("s1", Kind::complete, 5);
  other.content.series_id = "other";
  Record single = of_step("s1", Kind::complete, 6);
  single.content.series_id = "";
  EXPECT_EQ(turn({of_step("s9", Kind::unclaim, 2, State::needs_user), other}).index, 1u);
  EXPECT_EQ(turn({of_step("s9", Kind::unclaim, 2, State::needs_user), single}).index, 1u);
}

TEST(OutboxChains, OrderIsAPlaceAndNotATime) {
  EXPECT_EQ(order_after({}, t0), t0);
  EXPECT_EQ(order_after(packed({of_step("s1", Kind::complete, t0 + 5)}), t0 - day), t0 + 6);
  EXPECT_EQ(order_after({}, -7), 1);
  // Made in the same millisecond by two pages: the id decides, not the place in the list.
  Record one = of_step("s1", Kind::claim, 1), two = of_step("s1", Kind::complete, 1);
  one.content.id = {1};
  two.content.id = {2};
  EXPECT_EQ(turn({one, two}).index, 0u);
  EXPECT_EQ(turn({two, one}).index, 1u);
}

TEST(OutboxChains, ATwinIsFound) {
  const Content complete = of_step("s1", Kind::complete, 1).content;
  const auto twin = [&](const Record& record, const Content& content) {
    return find_twin(packed({of_step("s9", Kind::start, 7), record}), content);
  };
  EXPECT_EQ(twin(of_step("s1", Kind::complete, 1), complete), 1u);
  EXPECT_EQ(twin(of_step("s1", Kind::complete, 1, State::needs_user), complete), 1u);
  EXPECT_FALSE(twin(of_step("s1", Kind::complete, 1, State::delivered), complete));
  EXPECT_FALSE(twin(of_step("s1", Kind::complete, 1, State::discarded), complete));
  EXPECT_FALSE(twin(of_step("s2", Kind::complete, 1), complete));
  EXPECT_FALSE(twin(of_step("s1", Kind::start, 1), complete));
  Record foreign = of_step("s1", Kind::complete, 1);
  foreign.content.account = "did:other";
  EXPECT_FALSE(twin(foreign, complete));
  Record given_up = of_step("s1", Kind::complete, 1, State::discarded);
  given_up.attempts = 1;
  given_up.quiet_until_ms = t0;
  EXPECT_FALSE(twin(given_up, complete));  // it holds its chain, and is none
  const Record absence = of_step("", Kind::absence_create, 1);
  EXPECT_FALSE(find_twin(packed({absence}), absence.content));
  const Record release = of_step("", Kind::unclaim, 1);
  EXPECT_EQ(find_twin(packed({release}), release.content), 0u);
}

TEST(OutboxNext, SoonestDeadlineFirst) {
  const auto with = [](std::int64_t order, std::int64_t deadline_ms) {
    Record record = of_step("s" + std::to_string(order), Kind::complete, order);
    record.deadline_ms = deadline_ms;
    return record;
  };
  EXPECT_EQ(turn({with(1, 0), with(2, t0 + 2 * day), with(3, t0 + day)}).index, 2u);
  EXPECT_EQ(turn({with(1, 0), with(2, t0 - 1)}).index, 0u);  // that one is missed anyhow
  EXPECT_EQ(turn({with(2, t0 - 1), with(1, 0)}).index, 1u);
  const Next next = turn({with(1, t0 + 12 * hour), with(2, t0 + 13 * hour), with(3, t0 - 1)});
  EXPECT_EQ(next.endangered, Indices{0});
  Record done = with(4, t0 + hour);
  for (const State state : {State::delivered, State::discarded, State::pruned}) {
    done.state = state;
    EXPECT_TRUE(turn({done}).endangered.empty()) << to_string(state);
  }
  done.state = State::needs_user;
  EXPECT_EQ(turn({done}).endangered, Indices{0});
}

TEST(OutboxNext, DeadlinesAreTheNextOccurrence) {
  EXPECT_EQ(sealed(Kind::claim).deadline_ms, t0 + 7 * day);
  EXPECT_EQ(sealed(Kind::unclaim).deadline_ms, 0);
  EXPECT_EQ(sealed().deadline_ms, 0);  // of no series
  Content odd = wish(Kind::claim);
  odd.start_at_s = -5;
  EXPECT_EQ(seal({.content = odd}, 1, {.now_ms = t0})->deadline_ms, 0);
  odd.start_at_s = -8 * 86'400;
  EXPECT_EQ(seal({.content = odd}, 1, {.now_ms = t0})->deadline_ms, 0);
  odd.start_at_s = std::int64_t{1} << 60;
  EXPECT_EQ(seal({.content = odd}, 1, {.now_ms = t0})->deadline_ms, 0);
}

// One record that makes the server fail must not keep the others from their turn.
TEST(OutboxNext, WhileTheServerFailsTheLeastRecentlyTriedGoesFirst) {
  Queue queue{.account = "did:me", .failures = 1};
  Record failing = of_step("s1", Kind::complete, 1, State::waiting);
  failing.due_ms = t0;
  failing.wait_ms = 2 * second;
  failing.deadline_ms = t0 + hour;
  Record patient = of_step("s2", Kind::complete, 2, State::waiting);
  patient.due_ms = t0;
  patient.wait_ms = minute;
  EXPECT_EQ(turn({failing, patient}, queue).index, 1u);
  queue.failures = 0;
  EXPECT_EQ(turn({failing, patient}, queue).index, 0u);
}

TEST(OutboxNext, WhatNeedsNoServerGoesFirstAndThroughPauses) {
  Record result = of_step("s2", Kind::complete, 2, State::delivered);
  result.due_ms = t0;
  const std::vector<Record> records = {of_step("s1", Kind::complete, 1), result};
  EXPECT_EQ(turn(records).index, 1u);
  Queue paused{.account = "did:me", .holds = {.user = true}};
  EXPECT_EQ(turn(records, paused).index, 1u);
  EXPECT_EQ(turn({records[0]}, paused).index, std::nullopt);
  EXPECT_EQ(turn({records[0]}, paused).wake_at_ms, std::nullopt);  // only the person ends it
  const Queue down{
      .account = "did:me", .pause = Why::store, .until_ms = t0 + second, .wait_ms = second};
  EXPECT_EQ(turn(records, down).index, std::nullopt);
  EXPECT_EQ(turn(records, down).wake_at_ms, t0 + second);
  EXPECT_EQ(turn(records, down, t0 + second).index, 1u);
}

TEST(OutboxNext, AnotherAccountsRecordsAreLocked) {
  Record foreign = of_step("s1", Kind::complete, 1);
  foreign.content.account = "did:other";
  Record elsewhere = of_step("s2", Kind::complete, 2);
  elsewhere.content.api_base = "https://elsewhere";
  const Next next = turn({foreign, elsewhere, of_step("s3", Kind::complete, 3)});
  EXPECT_EQ(next.index, 2u);
  EXPECT_EQ(next.foreign, (Indices{0, 1}));
  for (const Record& record : {foreign, elsewhere}) {
    const auto refused =
        advance({.account = "did:me"}, record, Asked{.action = Action::discard}, {.now_ms = t0});
    ASSERT_TRUE(refused.refused);
    EXPECT_EQ(refused.refused->code, Code::record_of_other_account);
    EXPECT_EQ(refused.record, record);
  }
}

// ---- pauses

TEST(OutboxPauses, OneRequestAtATimeWhileTheServerIsAway) {
  Driver driver;
  driver.due().say(Unreachable{.op = Op::read});
  EXPECT_EQ(driver.queue().pause, Why::unreachable);
  EXPECT_GE(driver.queue().until_ms, t0 + second);
  const Record other = of_step("s2", Kind::complete, 2);
  EXPECT_EQ(turn({other}, driver.queue()).index, std::nullopt);
  EXPECT_EQ(turn({other}, driver.queue()).wake_at_ms, driver.queue().until_ms);
  EXPECT_EQ(turn({other}, driver.queue(), driver.queue().until_ms).index, 0u);
  // A wake that nobody should have said begins nothing.
  Driver early{other};
  early.queue_event(HoldSet{.on = true});
  EXPECT_EQ(early.say(Wake{}).state(), State::queued);
}

// Thirty workflows that cannot be read hold up the one behind them for minutes, not for hours.
TEST(OutboxPauses, AnOddAnswerHoldsUpTheOthersForAMomentOnly) {
  Driver driver;
  for (int odd = 0; odd < 30; ++odd) {
    driver.due().read("<html>");
    EXPECT_EQ(driver.queue().pause, Why::unreadable);
    EXPECT_LE(driver.queue().until_ms, driver.now_ms() + 30 * second);
  }
  driver.due().say(Unreachable{.op = Op::read});
  EXPECT_EQ(driver.queue().failures, 31u);
}

TEST(OutboxPauses, WhatConcernsAllPausesAll) {
  struct Row {
    Answered answer;
    Why pause;
  };
  const auto answered = [](std::int32_t status, std::string_view body, std::string_view reason) {
    return Answered{.op = Op::read,
                    .status = status,
                    .auth_reason = reason,
                    .retry_after_ms = {},
                    .body = body};
  };
  for (const Row& row :
       std::vector<Row>{{answered(401, "", ""), Why::auth},
                        {answered(403, "", ""), Why::auth},
                        {answered(403, "x", "inactive"), Why::auth},
                        {answered(403, "x", "privacy-policy-required"), Why::policy},
                        {answered(429, "", ""), Why::server_busy},
                        {answered(503, "", ""), Why::server_busy},
                        {answered(200, "<html>", ""), Why::unreadable},
                        {answered(500, "", ""), Why::none},  // says nothing of the others
                        {answered(404, "", ""), Why::none},
                        {answered(200, open_document, ""), Why::none}}) {
    Driver read;
    read.due().say(row.answer);
    EXPECT_EQ(read.queue().pause, row.pause) << row.answer.status;
    Driver sent;
    Answered to_send = row.answer;
    to_send.op = Op::send;
    sent.sent().say(to_send);
    EXPECT_EQ(sent.queue().pause, row.pause) << row.answer.status;
  }
  Driver words;
  words.sent().answer(403, "not assigned");
  EXPECT_EQ(words.queue().pause, Why::none);
}

TEST(OutboxPauses, AContactEndsThePauseAndWakesThoseWhoWaitedForIt) {
  Driver driver;
  driver.due().say(Unreachable{.op = Op::read}).due();
  driver.later(10 * second).read(open_document);
  EXPECT_EQ(driver.queue().pause, Why::none);
  EXPECT_EQ(driver.queue().failures, 0u);
  EXPECT_EQ(driver.queue().contact_ms, driver.now_ms());
  Record waiting = of_step("s2", Kind::complete, 2, State::waiting);
  waiting.why = Why::unreachable;
  waiting.due_ms = driver.now_ms() + minute;
  waiting.wait_ms = 2 * minute;
  EXPECT_EQ(turn({waiting}, driver.queue(), driver.now_ms()).index, 0u);
  waiting.why = Why::locked;  // waits for something else
  EXPECT_EQ(turn({waiting}, driver.queue(), driver.now_ms()).index, std::nullopt);
  // Failing and succeeding in turns is no reason to hurry each time.
  Queue queue = driver.queue();
  queue.failures = 1;
  Driver soon{driver.record(), driver.now_ms()};
  const auto moved = advance(queue, driver.record(),
                             Answered{.op = Op::send,
                                      .status = 200,
                                      .auth_reason = {},
                                      .retry_after_ms = {},
                                      .body = strong_document},
                             {.now_ms = driver.now_ms() + second});
  EXPECT_EQ(moved.queue.hint_ms, queue.hint_ms);
}

TEST(OutboxPauses, HintsAndTapsEndWhatTheyCanEnd) {
  const auto paused = [](Why why) {
    return Queue{.account = "did:me", .pause = why, .until_ms = t0 + hour, .wait_ms = hour};
  };
  const auto after = [](Queue queue, const QueueEvent& event) {
    return paused_by(advance(std::move(queue), event, {.now_ms = t0}), t0);
  };
  for (const Why why : {Why::unreachable, Why::unreadable, Why::auth, Why::policy}) {
    EXPECT_EQ(paused_by(paused(why), t0), why);
    EXPECT_EQ(after(paused(why), Hinted{}), Why::none) << to_string(why);
  }
  EXPECT_EQ(after(paused(Why::server_busy), Hinted{}), Why::server_busy);
  EXPECT_EQ(after(paused(Why::store), Hinted{}), Why::store);
  EXPECT_EQ(after(paused(Why::auth), SignedIn{}), Why::none);
  EXPECT_EQ(after(paused(Why::policy), SignedIn{}), Why::none);
  EXPECT_EQ(after(paused(Why::server_busy), SignedIn{}), Why::server_busy);
  EXPECT_EQ(after(paused(Why::store), StoreUp{}), Why::none);
  EXPECT_EQ(after(paused(Why::auth), StoreUp{}), Why::auth);
  EXPECT_EQ(after({}, StoreDown{}), Why::store);
  // A burst of hints is one.
  Queue hinted = advance({}, Hinted{}, {.now_ms = t0});
  EXPECT_EQ(advance(hinted, Hinted{}, {.now_ms = t0 + 4 * second}).hint_ms, t0);
  EXPECT_EQ(advance(hinted, Hinted{}, {.now_ms = t0 + 5 * second}).hint_ms, t0 + 5 * second);
  EXPECT_EQ(advance(hinted, Hinted{}, {.now_ms = t0 - day}).hint_ms, t0 - day);
  // A hint of a clock that was set since is none.
  Record waiting = of_step("s1", Kind::complete, 1, State::waiting);
  waiting.why = Why::unreachable;
  waiting.due_ms = t0 + minute;
  waiting.wait_ms = minute;
  Queue ahead{.account = "did:me", .hint_ms = t0 + day};
  EXPECT_EQ(turn({waiting}, ahead).index, std::nullopt);

  Driver tapped;
  tapped.due().say(Answered{
      .op = Op::read, .status = 503, .auth_reason = {}, .retry_after_ms = hour, .body = {}});
  EXPECT_EQ(tapped.retry().state(), State::probing);
}

TEST(OutboxPauses, ThePersonsSwitchesAreHonouredByTaps) {
  for (const bool metered : {false, true}) {
    Driver driver;
    driver.queue_event(HoldSet{.metered = metered, .on = true}).ask(Action::retry);
    ASSERT_TRUE(driver.refused());
    EXPECT_EQ(*driver.refusal(), (Issue{.code = Code::queue_paused,
                                        .path = "",
                                        .params = {{"why", metered ? "metered" : "user"}}}));
    driver.queue_event(HoldSet{.metered = metered, .on = false});
    EXPECT_EQ(driver.retry().state(), State::probing);
  }
}

TEST(OutboxPauses, AStoreThatIsAwayIsNotHurriedByATap) {
  Driver driver;
  driver.queue_event(StoreDown{}).ask(Action::retry);
  EXPECT_EQ(driver.queue().pause, Why::none);  // its acknowledgement shows that the store is back
  Driver failing;
  failing.queue_event(StoreDown{});
  failing.raw(Asked{.action = Action::retry});
  EXPECT_EQ(failing.queue().pause, Why::store);
  failing.raw(StoreFailed{.token = failing.record().revision});
  EXPECT_EQ(failing.queue().pause, Why::store);
  EXPECT_EQ(failing.queue().until_ms, t0 + 5 * second);
}

TEST(OutboxPauses, AnExpiredSessionIsNoVerdictAndARoleThatIsGoneIs) {
  Driver driver;
  driver.sent().answer(403, "").due().read({}, 403);  // the token, then: nothing is concluded
  EXPECT_EQ(driver.why(), Why::auth);
  EXPECT_EQ(driver.record().denials, 0u);
  while (driver.state() != State::sending) driver.due().read(open_document);
  // Signed in for reading, and refused without a word when sending: twice is enough.
  driver.answer(403, "").due().read(open_document);
  while (driver.state() != State::sending) driver.due().read(open_document);
  driver.answer(401, "");
  while (!is_settled(driver.state())) driver.due().read(open_document);
  EXPECT_EQ(driver.why(), Why::refused);
  // An answer in between starts the count anew.
  Driver mixed;
  mixed.sent().answer(403, "");
  while (mixed.state() != State::sending) mixed.due().read(open_document);
  mixed.answer(404, "");
  EXPECT_EQ(mixed.record().denials, 0u);
}

TEST(OutboxPauses, AWantedPolicyOnReadingKeepsWhatTheServerSaidBefore) {
  Driver driver;
  driver.sent().answer(400, "no").due().say(Answered{.op = Op::read,
                                                     .status = 403,
                                                     .auth_reason = "privacy-policy-required",
                                                     .retry_after_ms = {},
                                                     .body = {}});
  EXPECT_EQ(driver.why(), Why::policy);
  EXPECT_EQ(driver.record().server->status, 400);
  EXPECT_EQ(driver.record().refusal, Refusal::rejected);
}

// A page that was frozen between the write and its acknowledgement may have lost the queue.
TEST(OutboxPauses, ALateAcknowledgementIsNotFollowedByASend) {
  Driver driver;
  driver.due().raw(Answered{.op = Op::read,
                            .status = 200,
                            .auth_reason = {},
                            .retry_after_ms = {},
                            .body = open_document});
  Driver in_time = driver;
  in_time.later(20 * second).raw(Stored{.token = in_time.record().revision});
  EXPECT_NE(in_time.effect<Send>(), nullptr);
  driver.later(20 * second + 1).raw(Stored{.token = driver.record().revision});
  EXPECT_EQ(driver.effect<Send>(), nullptr);
  EXPECT_EQ(driver.state(), State::unknown);
  EXPECT_EQ(driver.why(), Why::interrupted);
}

// ---- the rows

TEST(OutboxQueue, ComesBackEqual) {
  const Queue queue{.account = "did:me",
                    .api_base = "https://x",
                    .holds = {.user = true, .metered = true},
                    .pause = Why::auth,
                    .failures = 3,
                    .until_ms = t0,
                    .wait_ms = 5,
                    .hint_ms = 6,
                    .contact_ms = 7};
  auto bytes = encode(queue);
  EXPECT_EQ(decode_queue(bytes).value(), queue);
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_FALSE(decode_queue(std::span{bytes}.first(n))) << n;
  EXPECT_FALSE(decode_queue(encode(Record{})));
  for (std::uint8_t& byte : bytes) {
    byte ^= 0x40;
    EXPECT_FALSE(decode_queue(bytes));
    byte ^= 0x40;
  }
}

// A right checksum over wrong bytes. `change` gets the payload.
std::vector<std::uint8_t> tampered(std::vector<std::uint8_t> bytes, auto change) {
  constexpr std::size_t head = 12, envelope = 16;
  std::vector<std::uint8_t> payload(bytes.begin() + envelope, bytes.end());
  change(payload);
  bytes.resize(head);
  bytes[8] = static_cast<std::uint8_t>(payload.size());
  const std::uint32_t crc = crc32c(payload, crc32c(bytes));
  for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(crc >> (8 * i)));
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

TEST(OutboxQueue, WrongBytesWithARightChecksumAreRefused) {
  const auto nothing = [](auto&) {};
  const auto longer = [](auto& payload) { payload.push_back(0); };
  const auto no_time = [](auto& payload) { payload.back() = 0xFF; };
  const auto queue = encode(Queue{.account = "did:me"}), lease = encode(Lease{.epoch = 1});
  EXPECT_TRUE(decode_queue(tampered(queue, nothing)));
  EXPECT_FALSE(decode_queue(tampered(queue, longer)));
  EXPECT_FALSE(decode_queue(tampered(queue, no_time)));
  EXPECT_TRUE(decode_lease(tampered(lease, nothing)));
  EXPECT_FALSE(decode_lease(tampered(lease, longer)));
  EXPECT_FALSE(decode_lease(tampered(lease, no_time)));
  auto summary = summarise(sealed());
  summary[1] = 0xFF;  // no state
  const std::uint32_t crc = crc32c(std::span{summary}.first(60));
  for (unsigned i = 0; i < 4; ++i) summary[60 + i] = static_cast<std::uint8_t>(crc >> (8 * i));
  EXPECT_EQ(next({.account = "did:me"}, summary, t0)->damaged, Indices{0});
}

TEST(OutboxQueue, ShowsWhyItIsPausedAndUntilWhen) {
  EXPECT_EQ(
      view(Queue{.contact_ms = 5}, t0),
      R"({"state":"running","why":"none","until_ms":0,"contact_ms":5,"user":false,"metered":false})");
  const Queue busy{.pause = Why::server_busy, .until_ms = t0 + minute, .wait_ms = minute};
  EXPECT_EQ(view(busy, t0), R"({"state":"paused","why":"server_busy","until_ms":)" +
                                std::to_string(t0 + minute) +
                                R"(,"contact_ms":0,"user":false,"metered":false})");
  EXPECT_EQ(
      view(Queue{.holds = {.metered = true}, .until_ms = 9}, t0),
      R"({"state":"paused","why":"metered","until_ms":0,"contact_ms":0,"user":false,"metered":true})");
  // A pause of another clock is over.
  EXPECT_EQ(paused_by(busy, t0 - day), Why::none);
}

TEST(OutboxLease, IsTakenWhenFreeRunOutOrOnesOwn) {
  const std::array<std::uint8_t, 16> one{1}, two{2};
  const auto first = take({}, one, t0);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->epoch, 1u);
  EXPECT_EQ(first->until_ms, t0 + lease_ms);
  EXPECT_FALSE(take(*first, two, t0 + lease_ms - 1));
  EXPECT_EQ(take(*first, one, t0 + 1)->epoch, 2u);
  EXPECT_EQ(take(*first, two, t0 + lease_ms)->epoch, 2u);
  EXPECT_TRUE(take(*first, two, t0 - day));  // made by another clock
  EXPECT_EQ(renew(*first, one, 1, t0 + 5)->until_ms, t0 + 5 + lease_ms);
  EXPECT_FALSE(renew(*first, one, 2, t0));
  EXPECT_FALSE(renew(*first, two, 1, t0));
}

TEST(OutboxLease, ComesBackEqual) {
  const Lease lease{.owner = {7}, .epoch = 9, .until_ms = t0};
  auto bytes = encode(lease);
  EXPECT_EQ(decode_lease(bytes).value(), lease);
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_FALSE(decode_lease(std::span{bytes}.first(n))) << n;
  bytes.back() ^= 1;
  EXPECT_FALSE(decode_lease(bytes));
}

}  // namespace
}  // namespace sfluv::outbox::testing
