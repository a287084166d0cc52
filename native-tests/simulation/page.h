// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "simulation/world.h"

namespace sfluv::simulation {

/// A page of the application: any page takes work in, the one that holds the lease drives.
class Page {
 public:
  Page(World& world, int number);

  void open();
  void crash();
  void freeze(std::int64_t for_ms);
  void thaw();
  /// There is one job more.
  void make_room() { entries_.emplace_back(); }
  /// Drives, or tries to become the one who does.
  void tick();

  // People.
  void submit(std::size_t job, outbox::Record record);
  void ask(std::size_t job, outbox::Action action);
  void tell_queue(const outbox::QueueEvent& event);

  /// The record as this page sees it now; null while it sees none.
  [[nodiscard]] const outbox::Record* look_up(std::size_t job);

  struct Entry {
    std::optional<outbox::Record> record;
    Bytes summary;
    Bytes stored;   ///< the row as this page knows it
    Bytes written;  ///< the row as it will be when all that was asked for is done
    Proof proof;
    std::int64_t read_began_ms = 0;
    std::int64_t request = 0;  ///< which one it waits for
    bool is_fresh = false;     ///< read from the device: whoever drove it is gone
  };
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] bool is_alive() const { return is_alive_; }

 private:
  using Outcome = StoreModel::Outcome;
  struct Scene {
    outbox::Next next;
    std::vector<std::size_t> job_of;  ///< by index of a summary
    bool is_busy = false;             ///< something is under way
  };

  /// Runs in the life of this page, or never; a frozen page does it when it thaws.
  void here(std::function<void()> work);
  [[nodiscard]] std::function<void()> in_this_life(std::function<void()> work);

  void write_lease(const outbox::Lease& lease);
  [[nodiscard]] bool leads() const;
  [[nodiscard]] bool is_alone() const;
  void wait_for_lease(std::int64_t until_ms);
  void look_at_store();
  [[nodiscard]] Scene look() const;
  void load(std::size_t job);
  void pump();
  void tick_at(std::int64_t device_ms);

  void happen(std::size_t job, const outbox::Event& event);
  void run(std::size_t job, const std::vector<outbox::Effect>& effects);
  void persist(std::size_t job, std::int64_t token);
  void persisted(std::size_t job, std::int64_t token, const Bytes& bytes, Outcome outcome);
  void read(std::size_t job);
  void stage(std::size_t job, const outbox::Send& send);
  void send(std::size_t job, const outbox::Send& send);
  /// Else that is what happens.
  [[nodiscard]] bool finds_photos(std::size_t job, const outbox::Send& send);
  void save_queue();
  void look_at_queue();
  void turn_switches();

  [[nodiscard]] std::function<void(const Answer&)> answer_to(std::size_t job, outbox::Op op,
                                                             std::int64_t request);
  void answered(std::size_t job, outbox::Op op, std::int64_t request, const Answer& answer);
  [[nodiscard]] Answer serve(std::size_t job, outbox::Op op, const outbox::Send& send,
                             std::size_t edition);
  void note_of_attempt(Entry& entry, outbox::State before, const outbox::Event& event);

  World& w_;
  int number_;
  std::string name_;
  std::array<std::uint8_t, 16> owner_{};
  bool is_alive_ = false, is_frozen_ = false;
  std::uint64_t life_ = 0;
  std::vector<std::function<void()>> when_thawed_;
  outbox::Queue queue_;
  Bytes queue_row_;
  bool is_saving_queue_ = false;
  std::vector<outbox::HoldSet> switches_;  // that a person turned, until they are in the store
  std::optional<outbox::Lease> lease_;
  Bytes lease_row_;
  bool is_taking_lease_ = false;
  bool is_asked_ = false;  // what happens now is a person's wish
  std::vector<Entry> entries_;
  std::uint64_t tick_ = 0;
};

}  // namespace sfluv::simulation
