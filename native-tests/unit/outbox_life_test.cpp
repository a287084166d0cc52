// SPDX-License-Identifier: MIT
// What people do with a record, and what time does to one that is settled.
#include <gtest/gtest.h>

#include "unit/outbox_fixture.h"

namespace sfluv::outbox::testing {
namespace {

constexpr std::int64_t second = 1'000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

Driver delivered() {
  Driver driver;
  driver.sent().answer(200, strong_document);
  return driver;
}

Driver refused() {
  Driver driver;
  driver.sent().answer(400, "no").due().read(open_document).due().read(open_document);
  return driver;
}

std::string actions(const Record& record) {
  std::string names;
  for (const Action action : {Action::retry, Action::take_back, Action::revise, Action::discard,
                              Action::undo, Action::prune}) {
    if (may(record, action)) names += std::string{to_string(action)} + ' ';
  }
  return names;
}

TEST(OutboxLife, EachStateSaysWhatAPersonMayDo) {
  const std::vector<std::string> table = {
      "retry take_back discard ",  // queued
      "retry take_back discard ",  // probing
      "retry ",                    // sending: bytes may be leaving
      "retry discard ",            // unknown
      "retry discard ",            // reconciling
      "retry revise discard ",     // needs_fix
      "retry take_back discard ",  // needs_user, never sent
      "prune ",                    // delivered
      "retry take_back discard ",  // waiting
      "retry take_back discard ",  // quarantined: the send did not begin
      "undo ",                     // discarded
      "",                          // pruned
  };
  const std::vector<Record> records = one_in_each_state();
  ASSERT_EQ(records.size(), table.size());
  for (std::size_t i = 0; i < records.size(); ++i)
    EXPECT_EQ(actions(records[i]), table[i]) << to_string(records[i].state);
  Driver large;
  large.sent().answer(413, "").due().read(open_document).due().read(open_document);
  EXPECT_EQ(actions(large.record()), "retry revise discard ");
  EXPECT_EQ(actions(sealed(Kind::claim)), "retry discard ");  // there is no draft to go back to
}

TEST(OutboxLife, WhatIsTakenBackLeavesItsPhotosToTheDraft) {
  Driver driver;
  driver.ask(Action::take_back);
  EXPECT_EQ(driver.state(), State::pruned);
  EXPECT_EQ(driver.why(), Why::taken_back);
  EXPECT_TRUE(driver.record().content.photos.empty());
  EXPECT_EQ(driver.effect<Remove>(), nullptr);
  EXPECT_EQ(driver.record().due_ms, 0);
  EXPECT_EQ(driver.record().content.step_id, "s1");
}

TEST(OutboxLife, DiscardingCanBeUndoneForADay) {
  Driver driver;
  driver.ask(Action::discard);
  EXPECT_EQ(driver.state(), State::discarded);
  EXPECT_EQ(driver.record().due_ms, t0 + day);
  EXPECT_FALSE(driver.record().content.answers.empty());
  Driver regretted = driver;
  regretted.later(23 * hour).ask(Action::undo);
  EXPECT_EQ(regretted.state(), State::queued);
  EXPECT_EQ(regretted.say(Wake{}).state(), State::probing);

  driver.due();
  EXPECT_EQ(driver.state(), State::pruned);
  EXPECT_TRUE(driver.record().content.answers.empty());
  ASSERT_NE(driver.effect<Remove>(), nullptr);
  EXPECT_EQ(driver.effect<Remove>()->photo_keys, (std::vector<std::string>{"k1", "k2"}));
  driver.say(Removed{});
  EXPECT_TRUE(driver.record().content.photos.empty());
  EXPECT_EQ(driver.record().due_ms, 0);
  driver.raw(Removed{});  // said twice
  EXPECT_EQ(driver.effect<Persist>(), nullptr);
  EXPECT_FALSE(driver.refused());
}

TEST(OutboxLife, UndoGoesBackToWhatItWas) {
  Driver fix = refused();
  fix.ask(Action::discard).ask(Action::undo);
  EXPECT_EQ(fix.state(), State::needs_fix);
  EXPECT_EQ(fix.why(), Why::rejected);
  EXPECT_EQ(fix.record().due_ms, 0);
  Driver probing;
  probing.due().ask(Action::discard);
  EXPECT_EQ(probing.read(open_document).state(), State::discarded);  // its answer comes too late
  EXPECT_TRUE(probing.refused());
  EXPECT_EQ(probing.ask(Action::undo).state(), State::queued);
  Driver reconciling;
  reconciling.sent().say(Unreachable{.op = Op::send}).due().ask(Action::discard);
  EXPECT_EQ(reconciling.ask(Action::undo).state(), State::unknown);
}

// A late copy of what was given up may still take effect: until then nothing else of its step goes.
TEST(OutboxLife, WhatWasSentHoldsItsStepThroughTheQuietPeriod) {
  Driver driver;
  driver.sent().say(Unreachable{.op = Op::send}).ask(Action::discard);
  EXPECT_EQ(driver.record().due_ms, driver.record().quiet_until_ms);
  Record corrected = sealed();
  corrected.content.id = {0x77};
  corrected.order = driver.record().order + 1;
  const auto turn = [&](const Record& discarded, std::int64_t now_ms) {
    std::vector<std::uint8_t> both = summarise(discarded), second_one = summarise(corrected);
    both.insert(both.end(), second_one.begin(), second_one.end());
    return next(driver.queue(), both, now_ms).value().index;
  };
  EXPECT_EQ(turn(driver.record(), t0 + 2 * second), std::nullopt);
  driver.due();
  EXPECT_EQ(driver.state(), State::discarded);
  EXPECT_EQ(driver.record().due_ms, t0 + day);
  EXPECT_EQ(turn(driver.record(), driver.now_ms()), 1u);
  // Given up when the quiet period was over already: nothing is held up.
  Driver late;
  late.sent().say(Unreachable{.op = Op::send}).later(hour).ask(Action::discard);
  EXPECT_EQ(late.record().due_ms, late.now_ms() + day);
}

TEST(OutboxLife, DeliveredPhotosGoAfterTheirTimeAndTheReceiptStays) {
  Driver driver = delivered();
  EXPECT_EQ(driver.record().due_ms, t0 + 7 * day);
  EXPECT_EQ(driver.later(6 * day).say(Wake{}).state(), State::delivered);
  driver.due();
  EXPECT_EQ(driver.state(), State::pruned);
  EXPECT_TRUE(driver.record().receipt);
  EXPECT_FALSE(driver.record().content.answers.empty());
  ASSERT_NE(driver.effect<Remove>(), nullptr);
  // The page died before they were gone: said again at the next start, and after a while.
  EXPECT_NE(Driver(driver.record()).raw(Interrupted{}).effects.size(), 0u);
  driver.due();
  EXPECT_NE(driver.effect<Remove>(), nullptr);
  EXPECT_EQ(driver.say(Removed{}).record().due_ms, 0);
  // At once, when a person wants the room.
  Driver asked = delivered();
  asked.raw(Asked{.action = Action::prune});
  EXPECT_EQ(asked.effect<Remove>(), nullptr);  // not before it is written down
  asked.raw(Stored{.token = asked.record().revision});
  EXPECT_NE(asked.effect<Remove>(), nullptr);
}

TEST(OutboxLife, RetentionIsTheCallersChoice) {
  Record record = Driver{}.sent().record();
  const auto moved = advance({.account = "did:me"}, record,
                             Answered{.op = Op::send,
                                      .status = 200,
                                      .auth_reason = {},
                                      .retry_after_ms = {},
                                      .body = strong_document},
                             {.now_ms = t0, .retention_ms = hour});
  EXPECT_EQ(moved.record.due_ms, t0 + hour);
}

TEST(OutboxLife, ACorrectionKeepsIdPlaceAndHistory) {
  Driver driver = refused();
  Draft again = draft();
  again.request.items[1].written_response = "better";
  const Record before = driver.record();
  const auto revised = revise(before, std::move(again), {.now_ms = driver.now_ms()});
  ASSERT_TRUE(revised);
  EXPECT_EQ(revised->content.id, before.content.id);
  EXPECT_EQ(revised->order, before.order);
  EXPECT_EQ(revised->attempts, 1u);
  EXPECT_EQ(revised->content.edition, 2u);
  EXPECT_FALSE(revised->server);
  // One open reading is on record; the second one allows the send, and not the first look.
  Driver goes_on{*revised, driver.now_ms()};
  goes_on.later(minute).say(Wake{}).read(open_document);
  EXPECT_EQ(goes_on.state(), State::waiting);
  EXPECT_EQ(goes_on.due().read(open_document).state(), State::sending);
  Draft worse = draft();
  worse.request.items.clear();
  EXPECT_FALSE(revise(before, std::move(worse), {.now_ms = t0}));
}

TEST(OutboxLife, TheDiaryStaysBoundedThroughCorrections) {
  Record record = refused().record();
  for (int i = 0; i < 60; ++i) record = revise(record, draft(), {.now_ms = t0}).value();
  EXPECT_EQ(record.entries.size(), entries_max);
}

TEST(OutboxLife, WhatComesFromAnotherDeviceMayHaveBeenSentThere) {
  const Record foreign = adopt(Driver{}.record(), 9, {.now_ms = t0});
  EXPECT_EQ(foreign.state, State::unknown);
  EXPECT_EQ(foreign.order, 9);
  EXPECT_EQ(foreign.attempts, 1u);
  Driver driver{foreign};
  driver.say(Wake{}).read(open_document);
  EXPECT_EQ(driver.state(), State::unknown);
  EXPECT_EQ(driver.record().due_ms, t0 + 15 * minute);  // it may be sent there yet
  Driver found = driver;
  EXPECT_EQ(found.due().read(medium_document).state(), State::delivered);
  Driver hidden = driver;
  EXPECT_EQ(hidden.due().read(blind_document).why(), Why::conflict);
  driver.due().read(open_document).due().read(open_document).due().read(open_document);
  EXPECT_EQ(driver.state(), State::sending);
}

TEST(OutboxLife, WhatIsSettledStaysSettledElsewhere) {
  for (const Record& record : one_in_each_state()) {
    const Record adopted = adopt(record, 5, {.now_ms = t0});
    EXPECT_EQ(adopted.state, is_settled(record.state) ? record.state : State::unknown);
    EXPECT_EQ(adopted.revision, record.revision + 1);
    EXPECT_EQ(adopted.pending, Pending::store);
    EXPECT_TRUE(adopted.imported);
  }
}

TEST(OutboxLife, PhotosThatAreGoneQuarantineTheRecord) {
  for (const bool is_damaged : {false, true}) {
    Driver driver;
    driver.sent().say(PhotoLost{.is_damaged = is_damaged});
    EXPECT_EQ(driver.state(), State::quarantined);
    EXPECT_EQ(driver.why(), is_damaged ? Why::photo_damaged : Why::photo_missing);
    EXPECT_EQ(driver.record().attempts, 0u);  // nothing has left
    EXPECT_FALSE(driver.record().probed_open);
    EXPECT_EQ(driver.record().due_ms, 0);
    EXPECT_EQ(driver.retry().read(open_document).state(), State::sending);  // they came back
  }
  Driver driver;
  EXPECT_TRUE(driver.say(PhotoLost{}).refused());
}

TEST(OutboxLife, AServerThatLostItIsSaidSo) {
  Driver driver = delivered();
  driver.say(Shown{.body = strong_document});
  EXPECT_EQ(driver.state(), State::delivered);
  driver.say(Shown{.body = open_document});
  EXPECT_EQ(driver.state(), State::needs_user);
  EXPECT_EQ(driver.why(), Why::lost);
  EXPECT_TRUE(driver.record().receipt);
  EXPECT_EQ(driver.record().due_ms, 0);  // nothing is removed any more
  driver.retry().read(open_document);
  EXPECT_EQ(driver.record().open_readings, 1u);
}

TEST(OutboxLife, AResultIsWrittenAgainAndKeepsItsTime) {
  for (const Action action : {Action::discard, Action::prune}) {
    Driver driver = action == Action::prune ? delivered() : Driver{};
    driver.raw(Asked{.action = action});
    const State state = driver.state();
    driver.raw(StoreFailed{.token = driver.record().revision});
    EXPECT_EQ(driver.record().pending, Pending::rewrite);
    EXPECT_EQ(driver.record().due_ms, t0 + 5 * second);
    driver.raw(Interrupted{});  // by a page that did not know that it was its own
    EXPECT_EQ(driver.record().pending, Pending::rewrite);
    driver.later(5 * second).raw(Wake{});
    EXPECT_EQ(driver.record().pending, Pending::store);
    EXPECT_EQ(driver.state(), state);
    if (action == Action::discard) {
      EXPECT_EQ(driver.record().due_ms, t0 + day);
    }
  }
}

TEST(OutboxLife, AClockThatWasSetMovesWhatIsDueButNotByYears) {
  constexpr std::int64_t ten_years = 3650 * day;
  Driver driver = delivered();
  Driver back{driver.record(), t0 - ten_years};
  back.say(Wake{});
  EXPECT_EQ(back.state(), State::delivered);
  EXPECT_EQ(back.record().due_ms, t0 - ten_years + 7 * day);
  EXPECT_EQ(next(back.queue(), summarise(back.record()), back.now_ms())->index, std::nullopt);
}

}  // namespace
}  // namespace sfluv::outbox::testing
