// SPDX-License-Identifier: MIT
#include "replay.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "sfluv/json_writer.h"

#include "model_world.h"

namespace sfluv::replay {
namespace {

struct SkippedTopic {
  std::string_view topic;
  std::string_view reason;
};

// What belongs to a later issue: proposals, votes and the accounts of people.
constexpr std::array skipped_topics = {
    SkippedTopic{"votes", "votes and expiry come with proposals"},
    SkippedTopic{"random votes", "votes and expiry come with proposals"},
    SkippedTopic{"proposer", "proposers' lists and deletion come with proposals"},
    SkippedTopic{"credentials", "credential requests come with accounts"},
    SkippedTopic{"rewards", "rewards accounts come with accounts"},
    SkippedTopic{"improver request", "improver requests come with accounts"},
};

struct FlagWords {
  std::string_view words;  ///< how a `seed_differs` begins
  std::string_view name;   ///< of the switch
};

constexpr std::array flag_words = {
    FlagWords{"an elapsed occurrence became skipped", "skips_elapsed"},
    FlagWords{"lists a workflow whose free steps", "lists_locked_steps"},
    FlagWords{"completed steps are not counted", "skipped_count_omits_completed"},
    FlagWords{"dates not in the future", "takes_past_absence"},
    FlagWords{"500 with empty body", "answers_500_to_bad_input"},
    FlagWords{"not possible closes the whole workflow", "not_possible_closes_workflow"},
    FlagWords{"a locked step that may unlock", "claims_locked_step"},
    FlagWords{"an improver of another step sees", "improvers_share_submissions"},
    FlagWords{"sees the other improver's submission", "improvers_share_submissions"},
};

// The recordings carry no mark where the live system pays earlier and never blocks a successor, and
// not all of theirs where it lists or shows more: a list was marked only if all free steps of one
// of its workflows were locked, though it is mine that count.
constexpr std::array<std::string_view, 4> unmarked_switches{"successor_starts_unpaid",
                                                            "pays_each_step", "lists_locked_steps",
                                                            "improvers_share_submissions"};

const Switch* find_switch(std::string_view name) {
  const auto all = profile_switches();
  const auto row = std::ranges::find(all, name, &Switch::name);
  return row == all.end() ? nullptr : &*row;
}

// The switches that a flag names. `ok` turns false when its words are not known.
std::vector<const Switch*> switches_of(std::string_view flag, bool& ok) {
  std::vector<const Switch*> found;
  bool any = flag.empty();
  for (const FlagWords& row : flag_words) {
    if (flag.find(row.words) == std::string_view::npos) continue;
    any = true;
    found.push_back(find_switch(row.name));
  }
  ok = any;
  return found;
}

// "random mix/0054" is of the topic "random", which says too little.
std::string topic_of(const Scenario& scenario) {
  return scenario.topic == "random" ? scenario.name.substr(0, scenario.name.find('/'))
                                    : scenario.topic;
}

// Names of a group of equals may come in any order: they are put into one.
std::string comparable(const json::Value& result, const json::Value& ties) {
  json::Value copy = result;
  std::erase_if(copy.members, [](const json::Member& member) { return member.name == "ties"; });
  for (json::Member& member : copy.members) {
    if (member.name != "ids") continue;
    for (const json::Value& group : ties.elements) {
      std::vector<json::Value*> places;
      std::vector<std::string> names;
      for (json::Value& id : member.value.elements) {
        const bool tied =
            std::ranges::find(group.elements, id.text, &json::Value::text) != group.elements.end();
        if (!tied) continue;
        places.push_back(&id);
        names.push_back(id.text);
      }
      std::ranges::sort(names);
      for (std::size_t i = 0; i < places.size(); ++i) places[i]->text = names[i];
    }
  }
  return canonical(copy);
}

std::string difference_of_results(const json::Value& expected, const std::string& text) {
  const auto got = json::parse(text.empty() ? "null" : text, Code::document_not_readable);
  const json::Value nothing;
  const json::Value* const ties = expected.find("ties");
  const std::string want = comparable(expected, ties == nullptr ? nothing : *ties);
  const std::string have =
      got ? comparable(*got, ties == nullptr ? nothing : *ties) : "unreadable: " + text;
  return want == have ? "" : "result " + have + " instead of " + want;
}

std::string difference_of_states(const State& expected, const State& got) {
  std::string text;
  const auto note = [&](const std::string& id, const std::string& have, const std::string& want) {
    text += (text.empty() ? "state of " : "; ") + id + " " + have + " instead of " + want;
  };
  for (const auto& [id, want] : expected) {
    const auto have = got.find(id);
    if (have == got.end() || have->second != want) {
      note(id, have == got.end() ? "nothing" : have->second, want);
    }
  }
  for (const auto& [id, have] : got) {
    if (!expected.contains(id)) note(id, have, "nothing");
  }
  return text;
}

// "<winner>" stands for whoever succeeded.
State with_winner(State state, const std::string& winner) {
  constexpr std::string_view mark = "<winner>";
  for (auto& [id, text] : state) {
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;) {
      text.replace(at, mark.size(), winner);
    }
  }
  return state;
}

std::string names_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text.empty() ? "accepted" : text;
}

struct Played {
  std::string difference;
  bool is_judged = true;
};

// One turn of a scenario against a backend. `expected_state` is what held before, and holds after.
Played play_turn(const Turn& turn, Backend& backend, State& expected_state) {
  if (turn.edit != nullptr) {
    return {.difference = backend.edit(*turn.edit) ? "" : "rows to edit are not known"};
  }
  if (turn.at_s) backend.move_clock(*turn.at_s);
  std::vector<int> statuses;
  std::vector<std::string> error_classes;
  std::string winner;
  Answer last;
  for (const Call& call : turn.calls) {
    last = backend.perform(call);
    statuses.push_back(last.status);
    if (last.status < 300) winner = call.actor;
    if (!last.error_class.empty()) error_classes.push_back(last.error_class);
  }
  for (const auto& [symbol, place] : turn.save) backend.save(symbol, place);
  std::ranges::sort(statuses);
  std::ranges::sort(error_classes);
  const State got = backend.state();
  if (turn.expected.state) expected_state = with_winner(*turn.expected.state, winner);
  if (last.is_judged) {
    if (statuses != turn.expected.statuses || error_classes != turn.expected.error_classes) {
      return {.difference = std::to_string(statuses.front()) + " " + names_of(error_classes) +
                            " instead of " + std::to_string(turn.expected.statuses.front()) + " " +
                            names_of(turn.expected.error_classes)};
    }
    if (turn.expected.result) {
      std::string text = difference_of_results(*turn.expected.result, last.result);
      if (!text.empty()) return {.difference = std::move(text)};
    }
  }
  return {.difference = difference_of_states(expected_state, got), .is_judged = last.is_judged};
}

std::string place_of(const Scenario& scenario, std::size_t index) {
  const Turn& turn = scenario.turns[index];
  std::string text = scenario.name + ": call " + std::to_string(index);
  if (!turn.calls.empty()) {
    const Call& call = turn.calls.front();
    text += " (" + call.actor + " " + call.method + " " + call.path + ")";
  }
  return text + ": ";
}

// Which switches, thrown together, bring the recorded answer back: those of the flag, and as few of
// the unmarked ones as will do.
struct Explanation {
  std::vector<const Switch*> thrown;
  ModelWorld world;
  State state;
};

std::optional<Explanation> explain(const Turn& turn, const ModelWorld& before, const State& state,
                                   std::span<const Switch* const> of_flag) {
  std::vector<unsigned> subsets(1u << unmarked_switches.size());
  std::iota(subsets.begin(), subsets.end(), 0u);
  std::ranges::stable_sort(subsets, {}, [](unsigned subset) { return std::popcount(subset); });
  for (const unsigned subset : subsets) {
    Explanation attempt{
        .thrown = {of_flag.begin(), of_flag.end()}, .world = before, .state = state};
    for (std::size_t i = 0; i < unmarked_switches.size(); ++i) {
      if ((subset >> i & 1u) != 0) attempt.thrown.push_back(find_switch(unmarked_switches[i]));
    }
    for (const Switch* const one : attempt.thrown) attempt.world.profile.*one->value = true;
    if (play_turn(turn, attempt.world, attempt.state).difference.empty()) return attempt;
  }
  return std::nullopt;
}

// A scenario that may leave the recording where a switch says so, and only there. After a
// difference in what is stored the switch stays thrown, so that the rest is still judged.
class Judge {
 public:
  Judge(const Scenario& scenario, const Profile& profile, Report& report)
      : scenario_(scenario), report_(report), world_(*scenario.setup, profile) {}

  std::string run() {
    for (std::size_t i = 0; i < scenario_.turns.size(); ++i) {
      const std::string problem = judge(scenario_.turns[i]);
      if (!problem.empty()) return place_of(scenario_, i) + problem;
    }
    return "";
  }

 private:
  std::string judge(const Turn& turn) {
    ModelWorld as_documented = world_;
    State state = state_;
    const Played played = play_turn(turn, as_documented, state);
    if (!played.is_judged)
      ++report_.unjudged[turn.calls.front().method + " " + turn.calls.front().path];
    bool is_known = true;
    const auto of_flag = switches_of(played.is_judged ? turn.seed_differs : "", is_known);
    if (!is_known) return "no switch is named in the table for: " + turn.seed_differs;
    const bool agrees = played.difference.empty();
    if (agrees && of_flag.empty()) {
      world_ = std::move(as_documented);
      state_ = std::move(state);
      return "";
    }
    auto explanation = explain(turn, world_, state_, of_flag);
    if (!explanation)
      return agrees ? "the switch of its mark brings another answer" : played.difference;
    for (const Switch* const one : explanation->thrown) {
      // A mark on an answer must show; one on what is stored may show later, or has before.
      if (agrees && one->reach == SwitchReach::answer) return "marked, but no switch changes it";
      count(*one, of_flag);
      // An answer that differs leaves no trace; what is stored differently does.
      if (one->reach == SwitchReach::answer) explanation->world.profile.*one->value = false;
    }
    world_ = std::move(explanation->world);
    state_ = std::move(explanation->state);
    return "";
  }

  void count(const Switch& one, std::span<const Switch* const> of_flag) {
    ++report_.explained[std::string{one.name}];
    if (std::ranges::find(of_flag, &one) != of_flag.end()) ++report_.flagged[std::string{one.name}];
  }

  const Scenario& scenario_;
  Report& report_;
  ModelWorld world_;
  State state_;
};

bool is_wanted(const Scenario& scenario, const Options& options) {
  return options.topics.empty() ||
         std::ranges::find(options.topics, topic_of(scenario)) != options.topics.end() ||
         std::ranges::find(options.topics, scenario.topic) != options.topics.end();
}

}  // namespace

TopicCount Report::total() const {
  TopicCount sum;
  for (const auto& [topic, count] : topics) {
    sum.passed += count.passed;
    sum.failed += count.failed;
    sum.skipped += count.skipped;
  }
  return sum;
}

std::string_view skip_reason(const Scenario& scenario) {
  const auto row = std::ranges::find(skipped_topics, topic_of(scenario), &SkippedTopic::topic);
  return row == skipped_topics.end() ? "" : row->reason;
}

std::string play(const Scenario& scenario, Backend& backend, Report& report) {
  State state;
  for (std::size_t i = 0; i < scenario.turns.size(); ++i) {
    const Turn& turn = scenario.turns[i];
    const Played played = play_turn(turn, backend, state);
    if (!played.is_judged)
      ++report.unjudged[turn.calls.front().method + " " + turn.calls.front().path];
    if (!played.difference.empty()) return place_of(scenario, i) + played.difference;
  }
  return "";
}

Report replay(const ScenarioFile& file, const Options& options) {
  Report report;
  for (const Scenario& scenario : file.scenarios) {
    if (!is_wanted(scenario, options)) continue;
    TopicCount& count = report.topics[topic_of(scenario)];
    if (const std::string_view reason = skip_reason(scenario); !reason.empty()) {
      ++count.skipped;
      ++report.skips[std::string{reason}];
      continue;
    }
    std::string problem;
    if (options.profile.name == live_profile().name) {
      ModelWorld world{*scenario.setup, options.profile};
      problem = play(scenario, world, report);
    } else {
      problem = Judge{scenario, options.profile, report}.run();
    }
    if (problem.empty()) {
      ++count.passed;
    } else {
      ++count.failed;
      report.failures.push_back(std::move(problem));
    }
  }
  return report;
}

std::string to_text(const Report& report) {
  std::string text;
  const auto line = [&](std::string_view what) {
    text += what;
    text += '\n';
  };
  for (const std::string& failure : report.failures) line("FAIL " + failure);
  for (const auto& [topic, count] : report.topics) {
    line("topic " + topic + ": " + std::to_string(count.passed) + " passed, " +
         std::to_string(count.failed) + " failed, " + std::to_string(count.skipped) + " skipped");
  }
  for (const auto& [reason, number] : report.skips) {
    line("skipped " + std::to_string(number) + ": " + reason);
  }
  for (const auto& [path, number] : report.unjudged) {
    line("not judged, of a later issue: " + std::to_string(number) + " x " + path);
  }
  for (const auto& [name, number] : report.explained) {
    const auto flagged = report.flagged.find(name);
    line("explained by the switch " + name + ": " + std::to_string(number) + " calls, " +
         std::to_string(flagged == report.flagged.end() ? 0 : flagged->second) + " of them marked");
  }
  const TopicCount total = report.total();
  line(std::to_string(total.passed) + " passed, " + std::to_string(total.failed) + " failed, " +
       std::to_string(total.skipped) + " skipped");
  return text;
}

}  // namespace sfluv::replay
