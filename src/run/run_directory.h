// Every path of a run directory, made here and nowhere else. What is in each file:
// docs/run_directory.md.
//
// Promises that two parts of the program cannot disagree on a name. Does not read or write the
// files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tripost {

class RunDirectory {
 public:
  explicit RunDirectory(std::filesystem::path root);

  const std::filesystem::path& root() const { return root_; }

  std::filesystem::path config() const;   // resolved settings; saved first
  std::filesystem::path inputs() const;   // hashes of the user's files; after it
  std::filesystem::path state() const;    // what is complete; written last, by rename
  std::filesystem::path metrics() const;  // one line per optimisation step or measurement
  std::filesystem::path scores() const;   // the table
  std::filesystem::path report_html() const;
  std::filesystem::path report_markdown() const;
  std::filesystem::path tensorboard() const;  // a folder of event files
  std::filesystem::path model() const;        // the result, as a Hugging Face folder

  std::filesystem::path iteration(
      int iteration) const;  // iteration-1, ...; 0 is what comes before the loop
  std::filesystem::path trajectories(int iteration) const;
  std::filesystem::path counts(int iteration) const;  // what became of the attempts, by cause
  std::filesystem::path train_records(int iteration) const;
  std::filesystem::path iteration_model(int iteration) const;  // float32, for going on
  std::filesystem::path diagnosis(int iteration) const;
  std::filesystem::path evaluation(int iteration) const;  // what was said on every test question
  std::filesystem::path answers(int iteration) const;     // whether that was right, without texts

  // One method's run of a comparison, on one task from one seed.
  RunDirectory cell(const std::string& task, uint64_t seed, const std::string& method) const;
  // Those of all its seeds that are there, in the order of seeds.
  std::vector<RunDirectory> cells(const std::string& task, const std::string& method) const;

  std::filesystem::path control()
      const;  // a run of its own: gold rationales alone, for as many steps

  std::filesystem::path checkpoints() const;

  // The last iteration that was tested; -1 when none was.
  int last_tested() const;

  // How many of iteration-0, iteration-1, ... have trajectories on disk: one past the last of them.
  int num_iterations() const;

  // Makes the folder. A UsageError when it holds files of something that is not a run, or is a
  // file.
  void create() const;

  // A UsageError when there is no run here.
  void check_exists() const;

 private:
  using Path = std::filesystem::path (RunDirectory::*)(int iteration) const;
  int last_iteration_with(Path file) const;

  std::filesystem::path root_;
};

}  // namespace tripost
