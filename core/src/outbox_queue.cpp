// SPDX-License-Identifier: MIT
// What holds for all records: pauses, hints, and which page drives.
#include "sfluv/outbox_queue.h"

#include <algorithm>
#include <array>

#include "sfluv/json_writer.h"

#include "outbox_bytes.h"
#include "outbox_times.h"

namespace sfluv::outbox {
namespace {

constexpr Envelope queue_envelope{.magic = {'S', 'F', 'L', 'Q'}, .version_max = 1};
constexpr Envelope lease_envelope{.magic = {'S', 'F', 'L', 'L'}, .version_max = 1};

class QueueMachine {
 public:
  QueueMachine(Queue queue, const Inputs& inputs)
      : q_(std::move(queue)), now_(std::clamp<std::int64_t>(inputs.now_ms, 1, latest_ms)) {}

  void on(const Hinted&) {
    if (may_take_hint(q_, now_)) take_hint();
  }

  // Not only the door: what waited for it waits no longer.
  void on(const SignedIn&) {
    if (q_.pause == Why::auth || q_.pause == Why::policy) resume();
    take_hint();
  }

  void on(const StoreDown&) {
    q_.pause = Why::store;
    q_.wait_ms = store_wait_ms;
    q_.until_ms = now_ + store_wait_ms;
  }

  void on(const StoreUp&) {
    if (q_.pause == Why::store) resume();
  }

  void on(const HoldSet& set) { (set.metered ? q_.holds.metered : q_.holds.user) = set.on; }

  [[nodiscard]] Queue take() { return std::move(q_); }

 private:
  void take_hint() {
    q_.hint_ms = now_;
    if (q_.pause != Why::store && yields_to_hints(q_.pause)) resume();
  }

  void resume() {
    q_.pause = Why::none;
    q_.until_ms = q_.wait_ms = 0;
  }

  Queue q_;
  std::int64_t now_;
};

}  // namespace

Why held_by(const Holds& holds) {
  if (holds.user) return Why::user;
  return holds.metered ? Why::metered : Why::none;
}

Why paused_by(const Queue& queue, std::int64_t now_ms) {
  if (const Why held = held_by(queue.holds); held != Why::none) return held;
  const Moment until{queue.until_ms, queue.wait_ms};
  return until.is_reached(now_ms) ? Why::none : queue.pause;
}

Queue advance(Queue queue, const QueueEvent& event, const Inputs& inputs) {
  QueueMachine machine{std::move(queue), inputs};
  std::visit([&](const auto& what) { machine.on(what); }, event);
  return machine.take();
}

std::vector<std::uint8_t> encode(const Queue& queue) {
  ByteWriter out;
  out.text(queue.account);
  out.text(queue.api_base);
  out.boolean(queue.holds.user);
  out.boolean(queue.holds.metered);
  out.u8(static_cast<std::uint8_t>(queue.pause));
  out.u32(queue.failures);
  for (const std::int64_t ms : {queue.until_ms, queue.wait_ms, queue.hint_ms, queue.contact_ms})
    out.i64(ms);
  return in_envelope(queue_envelope, out.bytes());
}

Outcome<Queue> decode_queue(std::span<const std::uint8_t> bytes) {
  const auto opened = open_envelope(queue_envelope, bytes);
  if (!opened) return std::unexpected(opened.error());
  ByteReader in{opened->payload};
  Queue queue;
  queue.account = in.text();
  queue.api_base = in.text();
  queue.holds.user = in.boolean();
  queue.holds.metered = in.boolean();
  queue.pause = in.choice<Why>(why_count);
  queue.failures = in.u32();
  for (std::int64_t* const ms :
       {&queue.until_ms, &queue.wait_ms, &queue.hint_ms, &queue.contact_ms})
    *ms = in.time();
  if (!in.is_sound() || !in.is_at_end()) return damaged("field");
  return queue;
}

std::string view(const Queue& queue, std::int64_t now_ms) {
  const Why why = paused_by(queue, now_ms);
  JsonWriter out;
  out.begin_object().key("state").string(why == Why::none ? "running" : "paused");
  out.key("why").string(to_string(why));
  const bool is_held = why == Why::none || held_by(queue.holds) != Why::none;
  out.key("until_ms").number(is_held ? 0 : queue.until_ms);
  out.key("contact_ms").number(queue.contact_ms);
  out.key("user").boolean(queue.holds.user).key("metered").boolean(queue.holds.metered);
  out.end_object();
  return out.take();
}

std::vector<std::uint8_t> encode(const Lease& lease) {
  ByteWriter out;
  out.raw(lease.owner);
  out.u64(lease.epoch);
  out.i64(lease.until_ms);
  return in_envelope(lease_envelope, out.bytes());
}

Outcome<Lease> decode_lease(std::span<const std::uint8_t> bytes) {
  const auto opened = open_envelope(lease_envelope, bytes);
  if (!opened) return std::unexpected(opened.error());
  ByteReader in{opened->payload};
  Lease lease;
  in.raw(lease.owner);
  lease.epoch = in.u64();
  lease.until_ms = in.time();
  if (!in.is_sound() || !in.is_at_end()) return damaged("field");
  return lease;
}

std::optional<Lease> take(const Lease& lease, std::span<const std::uint8_t, 16> owner,
                          std::int64_t now_ms, bool is_alone) {
  const bool is_free = is_alone || Moment{lease.until_ms, lease_ms}.is_reached(now_ms);
  if (!is_free && !std::ranges::equal(lease.owner, owner)) return std::nullopt;
  Lease taken{.owner = {}, .epoch = lease.epoch + 1, .until_ms = now_ms + lease_ms};
  std::ranges::copy(owner, taken.owner.begin());
  return taken;
}

std::optional<Lease> renew(const Lease& lease, std::span<const std::uint8_t, 16> owner,
                           std::uint64_t epoch, std::int64_t now_ms) {
  if (lease.epoch != epoch || !std::ranges::equal(lease.owner, owner)) return std::nullopt;
  Lease renewed = lease;
  renewed.until_ms = now_ms + lease_ms;
  return renewed;
}

}  // namespace sfluv::outbox
