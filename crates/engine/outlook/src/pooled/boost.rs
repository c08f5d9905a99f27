//! Boosting: a sum of small trees.
//!
//! Gradient boosting of Huber's loss with histogram trees grown leaf by leaf, after Friedman 2001 (doi
//! 10.1214/aos/1013203451) and Ke et al. 2017 (LightGBM): the leaf that gains most is split next. Rows and columns are sampled for each tree by a counter-based hash, so that the same rows give the same trees.

use crate::pooled::linear::Table;

/// How trees are grown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boosting {
    /// Trees.
    pub trees: usize,
    /// Leaves of a tree.
    pub leaves: usize,
    /// Share of a leaf's mean that is added.
    pub rate: f64,
    /// Rows that a leaf needs.
    pub leaf_rows: usize,
    /// Share of rows, and of columns, that a tree sees.
    pub sample: f64,
    /// Added to the sum of weights of a leaf when splits are compared (mean weight 1).
    pub shrinkage: f64,
}

/// Bins of a column; an index fits a byte.
const BINS: usize = 64;

/// Columns cut into bins of about equal numbers of rows.
pub(crate) struct Binned {
    /// Bin of each row, column by column: what a histogram walks over stays in the nearest cache.
    columns: Vec<Vec<u8>>,
    /// Upper edges by column, rising; one fewer than bins.
    edges: Vec<Vec<f64>>,
}

impl Binned {
    pub(crate) fn of(table: &Table, rows: usize) -> Self {
        let column = |column: usize| -> Vec<f64> { (0..rows).map(|row| table.row(row)[column]).collect() };
        let edges: Vec<Vec<f64>> = (0..table.columns)
            .map(|nth| {
                let mut values = column(nth);
                values.sort_unstable_by(f64::total_cmp);
                let cut = |nth: usize| values.get(nth * rows / BINS).copied();
                let mut edges: Vec<f64> = (1..BINS).filter_map(cut).collect();
                edges.dedup_by(|a, b| a.total_cmp(b).is_eq());
                edges
            })
            .collect();
        let binned = |(nth, edges): (usize, &Vec<f64>)| column(nth).iter().map(|value| bin(*value, edges)).collect();
        Self { columns: edges.iter().enumerate().map(binned).collect(), edges }
    }

    fn bins(&self, row: &[f64]) -> Vec<u8> {
        row.iter().zip(&self.edges).map(|(value, edges)| bin(*value, edges)).collect()
    }
}

fn bin(value: f64, edges: &[f64]) -> u8 {
    u8::try_from(edges.partition_point(|edge| *edge < value)).unwrap_or(u8::MAX)
}

/// A tree: splits by number, the two ways on from each, and what the leaves add.
#[derive(Clone, Debug, Default)]
struct Tree {
    splits: Vec<Split>,
    leaves: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
struct Split {
    column: usize,
    /// Rows with a bin up to this one go left.
    bin: u8,
    left: Way,
    right: Way,
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Split(usize),
    Leaf(usize),
}

impl Tree {
    /// What it adds at a row whose bin in a column is `bin`.
    fn at(&self, bin: impl Fn(usize) -> u8) -> f64 {
        let mut way = if self.splits.is_empty() { Way::Leaf(0) } else { Way::Split(0) };
        loop {
            match way {
                Way::Leaf(leaf) => return self.leaves.get(leaf).copied().unwrap_or(0.0),
                Way::Split(nth) => {
                    let Some(split) = self.splits.get(nth) else { return 0.0 };
                    way = if bin(split.column) <= split.bin { split.left } else { split.right };
                }
            }
        }
    }
}

/// What is learnt from: rows in bins, what came, and how much each row weighs (mean 1).
pub(crate) struct Lessons<'l> {
    pub(crate) rows: &'l Binned,
    pub(crate) response: &'l [f64],
    pub(crate) weights: &'l [f64],
}

/// Boosts the mean, residuals beyond `limit` counting as if they were no larger (Huber 1964). Gives the value at each row that was
/// learnt from, then at each row of `live`.
pub(crate) fn boost(from: &Lessons<'_>, limit: f64, how: &Boosting, live: &Table, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let live_count = live.cells.len().checked_div(live.columns).unwrap_or(0);
    let live_bins: Vec<Vec<u8>> = (0..live_count).map(|nth| from.rows.bins(live.row(nth))).collect();
    let mut value = vec![0.0; from.response.len()];
    let mut out = vec![0.0; live_bins.len()];
    let mut work = Work::default();
    for nth in 0..how.trees {
        let tree = grow(from, limit, how, &value, &mut work, hash(seed, nth as u64));
        for (row, v) in value.iter_mut().enumerate() {
            *v += how.rate * tree.at(|column| from.rows.columns[column][row]);
        }
        for (row, v) in live_bins.iter().zip(&mut out) {
            *v += how.rate * tree.at(|column| row[column]);
        }
    }
    (value, out)
}

/// Sums over the rows of a leaf that fall into a bin. Single precision: a histogram stays in the nearest cache.
#[derive(Clone, Copy, Debug, Default)]
struct Bin {
    gradient: f32,
    weight: f32,
    rows: f32,
}

type Histogram = [Bin; BINS];

/// Buffers that trees share.
#[derive(Default)]
struct Work {
    rows: Vec<u32>,
    spare: Vec<u32>,
    gradients: Vec<(f32, f32)>,
    columns: Vec<usize>,
    /// Gradients of a leaf's rows, in the order of the rows.
    ordered: Vec<(f32, f32)>,
}

/// A leaf that may be split further: its rows and the best split found.
struct Open {
    from: usize,
    to: usize,
    /// One for each sampled column.
    histograms: Vec<Histogram>,
    best: Option<Best>,
    /// The split, and which of its sides, that leads here.
    parent: Option<(usize, bool)>,
}

#[derive(Clone, Copy)]
struct Best {
    gain: f64,
    column: usize,
    bin: u8,
}

fn grow(from: &Lessons<'_>, limit: f64, how: &Boosting, value: &[f64], work: &mut Work, seed: u64) -> Tree {
    let n = value.len();
    work.columns = sampled_columns(from.rows.columns.len(), how.sample, seed);
    work.rows.clear();
    let threshold = share_of_u64(how.sample);
    work.rows.extend((0..u32::try_from(n).unwrap_or(u32::MAX)).filter(|row| hash(seed, u64::from(*row)) <= threshold));
    work.gradients.clear();
    work.gradients.extend((0..n).map(|row| {
        let slope = -(from.response[row] - value[row]).clamp(-limit, limit);
        #[expect(clippy::cast_possible_truncation, reason = "sums of a leaf need no more digits")]
        ((slope * from.weights[row]) as f32, from.weights[row] as f32)
    }));
    let mut tree = Tree::default();
    let mut open = vec![leaf(from, how, work, 0, work.rows.len(), None)];
    while open.len() < how.leaves {
        let gain = |leaf: &Open| leaf.best.map_or(0.0, |best| best.gain);
        let Some(nth) = (0..open.len()).max_by(|a, b| gain(&open[*a]).total_cmp(&gain(&open[*b])).then(b.cmp(a)))
        else {
            break;
        };
        let Some(best) = open[nth].best else { break };
        let mut parent = open.swap_remove(nth);
        let middle = partition(from.rows, work, parent.from, parent.to, best);
        let split = tree.splits.len();
        tree.splits.push(Split { column: best.column, bin: best.bin, left: Way::Leaf(0), right: Way::Leaf(0) });
        lead_to(&mut tree, parent.parent, Way::Split(split));
        // Only the smaller side is counted; the larger is what remains.
        let left_is_small = middle - parent.from <= parent.to - middle;
        let (small, large) = if left_is_small {
            ((parent.from, middle), (middle, parent.to))
        } else {
            ((middle, parent.to), (parent.from, middle))
        };
        let small = leaf(from, how, work, small.0, small.1, Some((split, left_is_small)));
        let bins = parent.histograms.iter_mut().flatten();
        for (all, part) in bins.zip(small.histograms.iter().flatten()) {
            all.gradient -= part.gradient;
            all.weight -= part.weight;
            all.rows -= part.rows;
        }
        let best = best_split(&parent.histograms, &work.columns, how);
        open.push(small);
        open.push(Open {
            from: large.0,
            to: large.1,
            histograms: parent.histograms,
            best,
            parent: Some((split, !left_is_small)),
        });
    }
    for leaf in open {
        let slopes = work.rows[leaf.from..leaf.to].iter().map(|row| work.gradients[*row as usize]);
        let (gradient, weight) =
            slopes.fold((0.0, 0.0), |sum, one| (sum.0 + f64::from(one.0), sum.1 + f64::from(one.1)));
        let way = Way::Leaf(tree.leaves.len());
        tree.leaves.push(-gradient / (weight + how.shrinkage));
        lead_to(&mut tree, leaf.parent, way);
    }
    tree
}

fn lead_to(tree: &mut Tree, parent: Option<(usize, bool)>, way: Way) {
    if let Some((split, left)) = parent
        && let Some(split) = tree.splits.get_mut(split)
    {
        if left { split.left = way } else { split.right = way }
    }
}

fn leaf(
    from: &Lessons<'_>,
    how: &Boosting,
    work: &mut Work,
    begin: usize,
    end: usize,
    parent: Option<(usize, bool)>,
) -> Open {
    let rows = &work.rows[begin..end];
    work.ordered.clear();
    work.ordered.extend(rows.iter().map(|row| work.gradients[*row as usize]));
    let mut histograms = vec![[Bin::default(); BINS]; work.columns.len()];
    for (histogram, column) in histograms.iter_mut().zip(&work.columns) {
        let bins = &from.rows.columns[*column];
        for (row, (gradient, weight)) in rows.iter().zip(&work.ordered) {
            let bin = &mut histogram[usize::from(bins[*row as usize]) % BINS];
            bin.gradient += gradient;
            bin.weight += weight;
            bin.rows += 1.0;
        }
    }
    let best = best_split(&histograms, &work.columns, how);
    Open { from: begin, to: end, histograms, best, parent }
}

fn best_split(histograms: &[Histogram], columns: &[usize], how: &Boosting) -> Option<Best> {
    let score = |gradient: f64, weight: f64| gradient * gradient / (weight.max(0.0) + how.shrinkage);
    let needs = how.leaf_rows as f64;
    let mut best: Option<Best> = None;
    for (bins, column) in histograms.iter().zip(columns) {
        let add = |sum: (f64, f64, f64), bin: &Bin| {
            (sum.0 + f64::from(bin.gradient), sum.1 + f64::from(bin.weight), sum.2 + f64::from(bin.rows))
        };
        let all = bins.iter().fold((0.0, 0.0, 0.0), add);
        let whole = score(all.0, all.1);
        let mut left = (0.0, 0.0, 0.0);
        for (nth, bin) in (0_u8..).zip(bins) {
            left = add(left, bin);
            if left.2 < needs || all.2 - left.2 < needs {
                continue;
            }
            let gain = score(left.0, left.1) + score(all.0 - left.0, all.1 - left.1) - whole;
            if gain > best.map_or(1e-6, |best| best.gain) {
                best = Some(Best { gain, column: *column, bin: nth });
            }
        }
    }
    best
}

/// Puts rows that go left first, each side in its order; gives where the right side begins.
fn partition(rows: &Binned, work: &mut Work, from: usize, to: usize, best: Best) -> usize {
    work.spare.clear();
    let bins = &rows.columns[best.column];
    let mut left = from;
    for at in from..to {
        let row = work.rows[at];
        if bins[row as usize] <= best.bin {
            work.rows[left] = row;
            left += 1;
        } else {
            work.spare.push(row);
        }
    }
    work.rows[left..to].copy_from_slice(&work.spare);
    left
}

/// The columns that a tree sees, at least one.
fn sampled_columns(columns: usize, share: f64, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..columns).collect();
    order.sort_unstable_by_key(|column| hash(seed ^ 0xC01, *column as u64));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small count")]
    let keep = ((columns as f64 * share).ceil() as usize).clamp(1, columns.max(1));
    order.truncate(keep);
    order.sort_unstable();
    order
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates at the ends, as it should")]
fn share_of_u64(share: f64) -> u64 {
    (share * u64::MAX as f64) as u64
}

/// A well mixed number of two (SplitMix64, Steele et al. 2014, doi 10.1145/2660193.2660195).
pub(crate) fn hash(seed: u64, counter: u64) -> u64 {
    let mut z = seed.wrapping_add(counter.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOW: Boosting = Boosting { trees: 60, leaves: 6, rate: 0.1, leaf_rows: 20, sample: 0.7, shrinkage: 1.0 };

    fn uniform(seed: u64) -> impl Iterator<Item = f64> {
        (0..4_000_u64).map(move |i| (hash(seed, i) >> 11) as f64 / (1_u64 << 53) as f64)
    }

    /// A step, which no line follows, under noise and with wild values that must not pull.
    #[test]
    fn a_step_is_found_and_wild_values_do_not_pull() {
        let x: Vec<f64> = uniform(1).collect();
        let y: Vec<f64> = x
            .iter()
            .zip(uniform(2))
            .zip(uniform(3))
            .map(|((x, e), wild)| f64::from(u8::from(*x > 0.5)) + e - 0.5 + if wild > 0.98 { 500.0 } else { 0.0 })
            .collect();
        let table = Table { cells: x, columns: 1 };
        let binned = Binned::of(&table, y.len());
        let weights = vec![1.0; y.len()];
        let from = Lessons { rows: &binned, response: &y, weights: &weights };
        let live = Table { cells: vec![0.25, 0.75], columns: 1 };
        let (seen, ahead) = boost(&from, 0.5, &HOW, &live, 7);
        assert!(ahead[0].abs() < 0.1 && (ahead[1] - 1.0).abs() < 0.1, "{ahead:?}");
        assert_eq!(seen.len(), y.len());
        assert_eq!((seen, ahead), boost(&from, 0.5, &HOW, &live, 7));
    }

    #[test]
    fn nothing_to_learn_gives_zero() {
        let table = Table { cells: vec![], columns: 1 };
        let binned = Binned::of(&table, 0);
        let from = Lessons { rows: &binned, response: &[], weights: &[] };
        let live = Table { cells: vec![0.25], columns: 1 };
        assert_eq!(boost(&from, 0.5, &HOW, &live, 7).1, [0.0]);
    }
}
