#include "task/logical_deduction_generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "task/logical_deduction_question.h"

namespace tripost {
namespace {

struct Scene {
  std::string axis;
  std::string opening;  // what stands before the number of objects
  std::string kind;
  std::vector<std::string> objects;  // as the paragraph lists them
};

std::vector<std::string> with_noun(const std::vector<std::string>& adjectives,
                                   const std::string& noun) {
  std::vector<std::string> objects;
  for (const std::string& adjective : adjectives) {
    const bool vowel = std::string("aeiou").find(adjective[0]) != std::string::npos;
    objects.push_back(fmt::format("{} {} {}", vowel ? "an" : "a", adjective, noun));
  }
  return objects;
}

const std::vector<Scene>& scenes() {
  static const std::vector<std::string> colors = {"white",  "gray",  "purple", "yellow",
                                                  "black",  "blue",  "green",  "red",
                                                  "orange", "brown", "pink"};
  static const std::vector<std::string> materials = {"wooden", "paper",   "glass", "copper",
                                                     "silver", "leather", "clay",  "marble",
                                                     "iron",   "bamboo"};
  static const std::vector<std::string> people = {
      "Ana", "Rob", "Amy", "Joe",  "Eve",  "Dan", "Mya", "Eli",  "Mel", "Ada",
      "Ben", "Kim", "Leo", "Nina", "Omar", "Pia", "Sam", "Tess", "Uma", "Vera"};
  static const std::vector<Scene> all = {
      {"position", "On a shelf, there are", "books", with_noun(colors, "book")},
      {"position",
       "On a branch, there are",
       "birds",
       {"a blue jay", "a quail", "a falcon", "a robin", "a hawk", "a raven", "a crow", "an owl",
        "a cardinal", "a hummingbird", "a sparrow", "a finch", "a magpie"}},
      {"position", "In a street, there are", "houses", with_noun(colors, "house")},
      {"position", "On a table, there are", "boxes", with_noun(materials, "box")},
      {"position", "In a photograph, there are", "friends", people},
      {"position",
       "On a desk, there are",
       "things",
       {"a pencil", "a stapler", "a lamp", "a notebook", "a mug", "a ruler", "a telephone",
        "a calendar", "a clock", "a tape measure"}},
      {"age",
       "In an antique car show, there are",
       "vehicles",
       {"a truck", "a motorcycle", "a limousine", "a station wagon", "a sedan", "a minivan",
        "a bus", "a convertible", "a hatchback", "a tractor", "a van"}},
      {"age",
       "In a museum, there are",
       "instruments",
       {"a violin", "a flute", "a harp", "a trumpet", "a drum", "a piano", "a cello", "an organ",
        "a guitar", "a French horn"}},
      {"age",
       "In a town, there are",
       "buildings",
       {"a library", "a school", "a town hall", "a theater", "a bakery", "a hospital", "a bank",
        "a train station", "a mill", "an inn"}},
      {"price",
       "A fruit stand sells",
       "fruits",
       {"plums", "pears", "kiwis", "oranges", "mangoes", "cantaloupes", "peaches", "loquats",
        "watermelons", "apples", "grapes", "figs"}},
      {"price",
       "A market sells",
       "vegetables",
       {"carrots", "onions", "leeks", "turnips", "peppers", "radishes", "beans", "cucumbers",
        "sweet potatoes", "beets"}},
      {"price",
       "A bakery sells",
       "pastries",
       {"muffins", "croissants", "pretzels", "bagels", "waffles", "cookies", "donuts", "scones",
        "brownies", "apple turnovers"}},
      {"finish", "In a golf tournament, there were", "golfers", people},
      {"finish", "In a bicycle race, there were", "cyclists", people},
      {"finish", "In a chess tournament, there were", "players", people},
      {"height",
       "In a garden, there are",
       "trees",
       {"an oak", "a maple", "a birch", "an apple tree", "a pine", "a willow", "a cherry tree",
        "an elm", "a fir", "a chestnut"}},
      {"height", "In a class, there are", "students", people},
      {"weight",
       "On a farm, there are",
       "animals",
       {"a goat", "a pig", "a donkey", "a calf", "a sheep", "a turkey", "a guinea pig", "a dog",
        "a horse", "a rabbit"}},
      {"weight", "On a ship, there are", "crates", with_noun(colors, "crate")}};
  return all;
}

const Axis& axis_named(const std::string& name) {
  return *std::find_if(axes().begin(), axes().end(),
                       [&](const Axis& axis) { return axis.name == name; });
}

// "a, b, and c".
std::string listed(const std::vector<DeductionObject>& objects) {
  std::string text;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (i > 0) text += i + 1 < objects.size() ? ", " : objects.size() > 2 ? ", and " : " and ";
    text += objects[i].listed;
  }
  return text;
}

DeductionQuestion draw_scene(int num_objects, Random& random) {
  const Scene& scene = random.pick(scenes());
  std::vector<std::string> names = scene.objects;
  random.shuffle(names);
  names.resize(static_cast<std::size_t>(num_objects));
  DeductionQuestion question;
  question.axis = &axis_named(scene.axis);
  question.scene = fmt::format("{} {} {}", scene.opening, number_word(num_objects), scene.kind);
  question.kind = scene.kind;
  for (const std::string& name : names)
    question.objects.push_back({name, std::string(without_article(name)), "", {}});
  question.list = listed(question.objects);
  return question;
}

// One true clue about the order: about a third are places, as in BIG-bench.
Bound draw_clue(const std::vector<int>& order, Random& random) {
  const auto num_objects = static_cast<int64_t>(order.size());
  const auto first = random.between(0, num_objects - 1);
  if (random.below(3) == 0)
    return has_place(order[static_cast<std::size_t>(first)], static_cast<int>(first));
  auto second = random.between(0, num_objects - 2);
  if (second >= first) ++second;
  return comes_before(order[static_cast<std::size_t>(std::min(first, second))],
                      order[static_cast<std::size_t>(std::max(first, second))]);
}

bool leave_one_ordering(const std::vector<Bound>& clues, std::size_t without, int num_objects) {
  OrderingSet possible(num_objects);
  for (std::size_t i = 0; i < clues.size(); ++i)
    if (i != without) possible.keep(clues[i]);
  return possible.is_one();
}

// Clues that leave this order alone, none of them redundant.
std::vector<Bound> draw_clues(const std::vector<int>& order, Random& random) {
  const auto num_objects = static_cast<int>(order.size());
  std::vector<Bound> clues;
  OrderingSet possible(num_objects);
  while (!possible.is_one()) {
    const Bound clue = draw_clue(order, random);
    if (possible.always(clue)) continue;
    possible.keep(clue);
    clues.push_back(clue);
  }
  random.shuffle(clues);
  for (std::size_t i = clues.size(); i-- > 0;)
    if (leave_one_ordering(clues, i, num_objects))
      clues.erase(clues.begin() + static_cast<std::ptrdiff_t>(i));
  return clues;
}

// Places are counted from the nearer end, from either when they are in the middle.
bool counts_from_last(int place, int num_objects, Random& random) {
  const int behind = num_objects - 1 - place;
  return place == behind ? random.below(2) == 0 : behind < place;
}

}  // namespace

std::string draw_deduction_question(int num_objects, Random& random) {
  DeductionQuestion question = draw_scene(num_objects, random);
  std::vector<int> order(static_cast<std::size_t>(num_objects));
  std::iota(order.begin(), order.end(), 0);
  random.shuffle(order);
  std::vector<Bound> clues;
  while (clues.size() + 1 != order.size()) clues = draw_clues(order, random);
  for (const Bound& clue : clues) {
    const bool from_last = clue.from == kStart ? counts_from_last(clue.low - 1, num_objects, random)
                                               : random.below(2) == 0;
    question.clues.push_back({as_sentence(sentence(question, clue, from_last)), clue, from_last});
  }
  const auto asked = static_cast<int>(random.between(0, num_objects - 1));
  const bool from_last = counts_from_last(asked, num_objects, random);
  for (int object = 0; object < num_objects; ++object) {
    const Bound claim = has_place(object, asked);
    question.options.push_back(
        {as_sentence(sentence(question, claim, from_last)), claim, from_last});
  }
  return question.text();
}

}  // namespace tripost
