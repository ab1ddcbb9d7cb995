// A table of words and figures as aligned text, Markdown or LaTeX: how it looks, not what is in it.
//
// Neighbouring columns of one group stand close together, under the group's name in text, in front
// of which it is written elsewhere. Cells are escaped for LaTeX only.
#pragma once

#include <string>
#include <vector>

namespace tripost {

struct FigureColumn {
  std::string group;  // empty: stands alone
  std::string head;
  bool words = false;  // aligned left
};

struct FigureTable {
  std::vector<FigureColumn> columns;
  std::vector<std::vector<std::string>> rows;  // as many cells as columns
};

std::string text_of(const FigureTable& table);
std::string markdown_of(const FigureTable& table);
std::string latex_of(const FigureTable& table);

std::string escaped_for_latex(const std::string& text);

}  // namespace tripost
