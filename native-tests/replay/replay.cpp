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

#include "completion_vectors.h"

namespace sfluv::replay {
namespace {

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
    FlagWords{"500 for bad input", "answers_500_to_bad_input"},
    FlagWords{"only pending can be deleted", "deletes_what_ended"},
    FlagWords{"deleted workflows are left out", "lists_no_deleted"},
    FlagWords{"409 when already approved", "approves_improvers_at_once"},
    FlagWords{"address with a display name", "takes_display_names"},
    FlagWords{"docs: valid Ethereum address", "takes_any_hex_address"},
    FlagWords{"docs: 404", "answers_400_to_unknown_credential"},
};

// The recordings carry no mark where the live system pays earlier and never blocks a successor, and
// not all of theirs where it lists or shows more: a list was marked only if all free steps of one
// of its workflows were locked, though it is mine that count. When votes are counted, and that an
// improver is approved at once, they hold for undocumented; proposals carry no marks at all.
constexpr std::array<std::string_view, 10> unmarked_switches{"successor_starts_unpaid",
                                                             "pays_each_step",
                                                             "lists_locked_steps",
                                                             "improvers_share_submissions",
                                                             "counts_votes_when_voters_look",
                                                             "approves_improvers_at_once",
                                                             "creates_without_description",
                                                             "bounties_fit_64_bits",
                                                             "refuses_series_id",
                                                             "takes_blank_supervisor"};

using Switches = std::vector<const Switch*>;

const Switch* find_switch(std::string_view name) {
  const auto all = profile_switches();
  const auto row = std::ranges::find(all, name, &Switch::name);
  return row == all.end() ? nullptr : &*row;
}

// The switches that a flag names. `ok` turns false when its words are not known.
Switches switches_of(std::string_view flag, bool& ok) {
  Switches found;
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
std::string comparable(const json::Value& result, const json::Value& ties,
                       std::span<const std::string> unsaid) {
  json::Value copy = result;
  std::erase_if(copy.members, [&](const json::Member& member) {
    return member.name == "ties" || std::ranges::find(unsaid, member.name) != unsaid.end();
  });
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
  return with_macros(canonical(copy));
}

std::string difference_of_results(const json::Value& expected, const Answer& answer) {
  const std::string& text = answer.result;
  const auto got = json::parse(text.empty() ? "null" : text, Code::document_not_readable);
  const json::Value nothing;
  const json::Value* const ties = expected.find("ties");
  const json::Value& groups = ties == nullptr ? nothing : *ties;
  const std::string want = comparable(expected, groups, answer.unsaid);
  const std::string have = got ? comparable(*got, groups, {}) : "unreadable: " + text;
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

std::string names_of(const std::vector<int>& statuses) {
  std::string text;
  for (const int status : statuses) text += (text.empty() ? "" : ",") + std::to_string(status);
  return text;
}

struct Made {
  std::string difference;
  std::string winner;  ///< of a race: who succeeded
};

// Makes the calls of one turn at the same moment and compares what comes back.
Made make_calls(const Turn& turn, World& world) {
  std::vector<Call> calls = turn.calls;
  for (Call& call : calls) call.body = with_macros(call.body);
  const std::vector<Answer> answers = world.perform(calls);
  for (const auto& [symbol, place] : turn.save) world.save(symbol, place);
  Made made;
  std::vector<int> statuses;
  std::vector<std::string> error_classes;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    statuses.push_back(answers[i].status);
    if (answers[i].status >= 200 && answers[i].status < 300) made.winner = calls[i].actor;
    if (!answers[i].error_class.empty()) error_classes.push_back(answers[i].error_class);
  }
  std::ranges::sort(statuses);
  std::ranges::sort(error_classes);
  const Expected& expected = turn.expected;
  const bool has_classes = expected.error_classes == std::vector<std::string>{"*"} ||
                           error_classes == expected.error_classes;
  if (statuses != expected.statuses || !has_classes) {
    made.difference = names_of(statuses) + " " + names_of(error_classes) + " instead of " +
                      names_of(expected.statuses) + " " + names_of(expected.error_classes);
  } else if (expected.result) {
    made.difference = difference_of_results(*expected.result, answers.back());
  }
  return made;
}

constexpr std::string_view unknown_rows = "rows to edit are not known";

// One turn of a scenario: "" or what differs. `expected_state` is what held before, and holds
// after.
std::string play_turn(const Turn& turn, World& world, State& expected_state) {
  if (turn.edit != nullptr) return world.edit(*turn.edit) ? "" : std::string{unknown_rows};
  if (turn.at_s) world.move_clock(*turn.at_s);
  const Made made = make_calls(turn, world);
  const State got = world.state();
  if (turn.expected.state) expected_state = with_winner(*turn.expected.state, made.winner);
  if (!turn.expected.state_is_recorded) expected_state = got;
  return made.difference.empty() ? difference_of_states(expected_state, got) : made.difference;
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

std::string unplayable(const Scenario& scenario) {
  return scenario.name + ": " + std::string{unknown_rows};
}

// A scenario that may leave the recording where a switch says so, and only there. After a
// difference in what is stored the switch stays thrown, so that the rest is still judged.
class Judge {
 public:
  Judge(const Scenario& scenario, const Profile& profile, World& world, Report& report)
      : scenario_(scenario), profile_(profile), world_(world), report_(report) {}

  std::string run() {
    if (!world_.begin(*scenario_.setup, profile_)) return unplayable(scenario_);
    for (std::size_t i = 0; i < scenario_.turns.size(); ++i) {
      const std::string problem = judge(scenario_.turns[i]);
      if (!problem.empty()) return place_of(scenario_, i) + problem;
    }
    return "";
  }

 private:
  std::string judge(const Turn& turn) {
    world_.mark();
    const State before = state_;
    const std::string difference = play_turn(turn, world_, state_);
    bool is_known = true;
    const Switches of_flag = switches_of(turn.edit == nullptr ? turn.seed_differs : "", is_known);
    if (!is_known) return "no switch is named in the table for: " + turn.seed_differs;
    const bool agrees = difference.empty();
    if (agrees && of_flag.empty()) return "";
    const auto thrown = explain(turn, before, of_flag);
    if (!thrown) return agrees ? "the switch of its mark brings another answer" : difference;
    for (const Switch* const one : *thrown) {
      // A mark on an answer must show; one on what is stored may show later, or has before.
      if (agrees && one->reach == SwitchReach::answer) return "marked, but no switch changes it";
      count(*one, of_flag);
      if (one->reach == SwitchReach::state) profile_.*one->value = true;
    }
    // An answer that differs leaves no trace; what is stored differently does.
    world_.set_profile(profile_);
    return "";
  }

  // Which switches, thrown together, bring the recorded answer back: those of the flag, and as few
  // of the unmarked ones as will do. The world is left as the successful attempt made it.
  std::optional<Switches> explain(const Turn& turn, const State& before, const Switches& of_flag) {
    std::vector<unsigned> subsets(1u << unmarked_switches.size());
    std::iota(subsets.begin(), subsets.end(), 0u);
    std::ranges::stable_sort(subsets, {}, [](unsigned subset) { return std::popcount(subset); });
    for (const unsigned subset : subsets) {
      Switches thrown = of_flag;
      for (std::size_t i = 0; i < unmarked_switches.size(); ++i) {
        if ((subset >> i & 1u) != 0) thrown.push_back(find_switch(unmarked_switches[i]));
      }
      Profile profile = profile_;
      for (const Switch* const one : thrown) profile.*one->value = true;
      world_.go_back();
      world_.set_profile(profile);
      state_ = before;
      if (play_turn(turn, world_, state_).empty()) return thrown;
    }
    return std::nullopt;
  }

  void count(const Switch& one, const Switches& of_flag) {
    ++report_.explained[std::string{one.name}];
    if (std::ranges::find(of_flag, &one) != of_flag.end()) ++report_.flagged[std::string{one.name}];
  }

  const Scenario& scenario_;
  Profile profile_;  // with what was thrown so far
  World& world_;
  Report& report_;
  State state_;
};

// Every call must agree.
std::string play(const Scenario& scenario, const Profile& profile, World& world) {
  if (!world.begin(*scenario.setup, profile)) return unplayable(scenario);
  State state;
  for (std::size_t i = 0; i < scenario.turns.size(); ++i) {
    const std::string difference = play_turn(scenario.turns[i], world, state);
    if (!difference.empty()) return place_of(scenario, i) + difference;
  }
  return "";
}

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
  return completion_difference(scenario.name);
}

Report replay(const ScenarioFile& file, const Options& options, World& world) {
  Report report;
  for (const Scenario& scenario : file.scenarios) {
    if (!is_wanted(scenario, options)) continue;
    TopicCount& count = report.topics[topic_of(scenario)];
    if (const std::string_view reason = skip_reason(scenario); !reason.empty()) {
      ++count.skipped;
      ++report.skips[std::string{reason}];
      continue;
    }
    const bool is_live = options.profile.name == live_profile().name;
    std::string problem = is_live ? play(scenario, options.profile, world)
                                  : Judge{scenario, options.profile, world, report}.run();
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
